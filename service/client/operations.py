"""Every operation, as steps: which request it is, and what its answer means."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, Unpack
from urllib.parse import quote

import httpx

from service.catalog.attributes import Value
from service.client.errors import StillRunning
from service.client.options import Options, PictureOptions, as_form, as_json, as_query
from service.client.pictures import Picture, in_json, is_address, uploaded
from service.client.steps import Call, Pause, Steps, Upload, all_of, asked, model
from service.schemas.catalogue import CategoriesOut, StatusOut
from service.schemas.duplicates import DuplicatesOut
from service.schemas.explain import ExplainOut
from service.schemas.flaws import FlawsOut
from service.schemas.imports import ImportDetailOut, ImportOut
from service.schemas.misfits import MisfitsOut
from service.schemas.products import ImageOut, ProductOut, ProductPageOut
from service.schemas.search import SearchOut
from service.schemas.stats import StatsOut
from service.schemas.unlike import UnlikeOut

Example: TypeAlias = str | Path | bytes
"""A product's id, or a picture. A text that begins with `https://` can be no id."""

_FIRST_LOOK_S, _LATER_LOOK_S = 0.2, 2.0
_ENDED = ("done", "failed", "cancelled")


def search(picture: Picture, **options: Unpack[PictureOptions]) -> Steps[SearchOut]:
    """What looks like this picture? It is a file's path, its bytes, or the address where it lies."""
    if is_address(picture):
        body = as_json(options) | (yield from in_json(picture))
        return (yield from asked(Call("POST", "/v1/search", json=body), model(SearchOut)))
    uploads = [(yield from uploaded("image", picture))]
    call = Call("POST", "/v1/search/upload", form=as_form(options), uploads=uploads)
    return (yield from asked(call, model(SearchOut)))


def similar(product_id: str, **options: Unpack[Options]) -> Steps[SearchOut]:
    """What looks like this product?"""
    call = Call("GET", f"{_product(product_id)}/similar", as_query(options))
    return asked(call, model(SearchOut))


def recommend(
    liked: Sequence[Example], disliked: Sequence[Example] = (), **options: Unpack[Options]
) -> Steps[SearchOut]:
    """What would somebody like who likes these, and not those? Each is a product's id or a picture."""
    body = as_json(options)
    body["liked"] = yield from all_of(map(_example, liked))
    body["disliked"] = yield from all_of(map(_example, disliked))
    return (yield from asked(Call("POST", "/v1/recommend", json=body), model(SearchOut)))


def explain(
    match: str,
    *,
    product_id: str | None = None,
    picture: str | Path | bytes | None = None,
    match_image: str = "",
    crop: tuple[float, float, float, float] | None = None,
) -> Steps[ExplainOut]:
    """Which regions of this product's image, or of this picture, agree with the match?"""
    said: dict[str, Any] = {"match": match, "match_image": match_image}
    if (product_id is None) == (picture is None):
        raise ValueError("Give either product_id or picture.")
    if picture is None:
        call = Call("GET", "/v1/explain", as_query(said | {"product_id": product_id}))
        return (yield from asked(call, model(ExplainOut)))
    form = as_form(said | ({"crop": crop} if crop else {}))
    uploads = [(yield from uploaded("image", picture))]
    return (yield from asked(Call("POST", "/v1/explain", form=form, uploads=uploads), model(ExplainOut)))


def put(
    product_id: str,
    category: str,
    images: Picture | Sequence[Picture],
    title: str = "",
    attributes: Mapping[str, Value] | None = None,
) -> Steps[ProductOut]:
    """Adds a product, or makes it what is given. The first image stands for it."""
    pictures: list[Picture] = [images] if isinstance(images, str | Path | bytes) else list(images)
    said: dict[str, Any] = {"category": category, "title": title, "attributes": attributes or {}}
    path = _product(product_id)
    if any(map(is_address, pictures)):
        body = said | {"images": (yield from all_of(map(in_json, pictures)))}
        return (yield from asked(Call("PUT", path, json=body), model(ProductOut)))
    uploads = yield from all_of(uploaded("images", picture) for picture in pictures)
    return (yield from asked(Call("PUT", path, form=as_form(said), uploads=uploads), model(ProductOut)))


def get(product_id: str) -> Steps[ProductOut]:
    return asked(Call("GET", _product(product_id)), model(ProductOut))


def patch(
    product_id: str,
    *,
    category: str | None = None,
    title: str | None = None,
    attributes: Mapping[str, Value | None] | None = None,
) -> Steps[ProductOut]:
    """Changes what is given and leaves the rest; an attribute that is None goes."""
    said = {"category": category, "title": title, "attributes": attributes}
    change = {name: value for name, value in said.items() if value is not None}
    return asked(Call("PATCH", _product(product_id), json=change), model(ProductOut))


def delete(product_id: str) -> Steps[None]:
    # Sent again after it went through, it would be answered that there is no such product.
    return asked(Call("DELETE", _product(product_id), repeatable=False), _nothing)


def product_page(
    category: str = "",
    filter: Mapping[str, Any] | None = None,  # noqa: A002 - its name in the API
    limit: int = 100,
    cursor: str = "",
) -> Steps[ProductPageOut]:
    said = {"category": category, "filter": filter or {}, "limit": limit, "cursor": cursor}
    return asked(Call("GET", "/v1/products", as_query(said)), model(ProductPageOut))


def thumbnail(image: ImageOut) -> Steps[bytes]:
    """A small JPEG."""
    return asked(Call("GET", image.thumbnail_url), _content)


def original(image: ImageOut) -> Steps[bytes]:
    """The image as it was given."""
    return asked(Call("GET", image.url), _content)


def categories() -> Steps[CategoriesOut]:
    return asked(Call("GET", "/v1/categories"), model(CategoriesOut))


def stats(by: str | Sequence[str] = "", top: int = 10) -> Steps[StatsOut]:
    """How the products are spread over an attribute or `category`, or over two of them."""
    names = by if isinstance(by, str) else ",".join(by)
    return asked(Call("GET", "/v1/stats", as_query({"by": names, "top": top})), model(StatsOut))


def duplicates(
    threshold: float = 0.98, category: str = "", limit: int = 20, cursor: str = ""
) -> Steps[DuplicatesOut]:
    """A stretch of the walk that finds nearly the same image in different products; go on from its cursor."""
    return asked(_stretch("duplicates", category, limit, cursor, threshold=threshold), model(DuplicatesOut))


def misfits(
    agreement: float = 0.8, category: str = "", limit: int = 20, cursor: str = ""
) -> Steps[MisfitsOut]:
    """The same for products whose neighbours stand in another category."""
    return asked(_stretch("misfits", category, limit, cursor, agreement=agreement), model(MisfitsOut))


def unlike(unusual: float = 2.0, category: str = "", limit: int = 20, cursor: str = "") -> Steps[UnlikeOut]:
    """The same for images unlike any other."""
    return asked(_stretch("unlike", category, limit, cursor, unusual=unusual), model(UnlikeOut))


def flaws(detail: float = 3.0, category: str = "", limit: int = 20, cursor: str = "") -> Steps[FlawsOut]:
    """The same for pictures that are broken or show nothing."""
    return asked(_stretch("flaws", category, limit, cursor, detail=detail), model(FlawsOut))


def status() -> Steps[StatusOut]:
    return asked(Call("GET", "/v1/status"), model(StatusOut))


def import_file(
    path: str | Path,
    *,
    layout: Literal["auto", "folder", "styles", "fashion", "names", "table"] = "auto",
    map: Mapping[str, str] | None = None,  # noqa: A002 - its name in the API
    category_from: Sequence[str] = (),
    separator: str = "|",
    folder: str = "",
    limit: int = 0,
    replace: bool = False,
) -> Steps[ImportOut]:
    """Sends a table of products, or a zip of pictures, to be taken in in the background: see `wait`."""
    form: dict[str, str | Sequence[str]] = {
        "layout": layout,
        "map": "\n".join(f"{field}={column}" for field, column in (map or {}).items()),
        "category_from": ",".join(category_from),
        "separator": separator,
        "folder": folder,
        "limit": str(limit),
        "replace": json.dumps(replace),
    }
    uploads = [Upload("file", Path(path).name, Path(path))]
    return asked(Call("POST", "/v1/imports", form=form, uploads=uploads, repeatable=False), model(ImportOut))


def import_status(job: ImportOut | str) -> Steps[ImportDetailOut]:
    return asked(Call("GET", _import(job)), model(ImportDetailOut))


def cancel_import(job: ImportOut | str) -> Steps[None]:
    """Cancels one that waits or runs; forgets one that has ended."""
    return asked(Call("DELETE", _import(job), repeatable=False), _nothing)


def wait(
    job: ImportOut | str,
    timeout_s: float | None = None,
    on_progress: Callable[[ImportDetailOut], None] | None = None,
) -> Steps[ImportDetailOut]:
    """Until it has ended, well or not: its `state` tells."""
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    pause_s = _FIRST_LOOK_S
    while True:
        seen = yield from import_status(job)
        if on_progress is not None:
            on_progress(seen)
        if seen.state in _ENDED:
            return seen
        if deadline is not None and time.monotonic() + pause_s > deadline:
            raise StillRunning(seen)
        yield Pause(pause_s)
        pause_s = min(_LATER_LOOK_S, 1.5 * pause_s)


def _example(example: Example) -> Steps[dict[str, str]]:
    if isinstance(example, str) and not is_address(example):
        return {"product_id": example}
    return (yield from in_json(example))


def _stretch(of: str, category: str, limit: int, cursor: str, **how: float) -> Call:
    said = {"category": category, "limit": limit, "cursor": cursor, **how}
    return Call("GET", f"/v1/{of}", as_query(said))


def _product(product_id: str) -> str:
    return f"/v1/products/{quote(product_id, safe='')}"


def _import(job: ImportOut | str) -> str:
    return f"/v1/imports/{quote(job if isinstance(job, str) else job.id, safe='')}"


def _nothing(_: httpx.Response) -> None:
    return None


def _content(response: httpx.Response) -> bytes:
    return response.content
