"""The products that a measurement is about, wherever they come from, with their pictures."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from service.catalog.attributes import Attributes
from service.catalog.errors import InvalidProduct
from service.catalog.products import COUNTED_ONCE, Product, checked, product_in
from service.catalog.sources.base import ImagePlace, Record, Source, Url
from service.store.base import Point, Vector, VectorStore

Image: TypeAlias = Path | Callable[[], bytes]
"""What is called may wait for another machine: call it in a thread."""
Fetch: TypeAlias = Callable[[str], bytes]
"""By an address, or by the name of an original."""

_PAGE = 256


@dataclass(frozen=True, slots=True)
class Good:
    """One product."""

    id: str
    category: str
    image: Image
    attributes: Attributes = field(default_factory=dict)
    title: str = ""
    further: tuple[Image, ...] = ()
    """Its other images."""

    @property
    def images(self) -> tuple[Image, ...]:
        return (self.image, *self.further)

    @property
    def leaf(self) -> str:
        return self.category.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Kept:
    """A product of the catalogue with what it is found by: a vector for each of its images."""

    good: Good
    vectors: tuple[Vector, ...]


def bytes_of(image: Image, max_bytes: int | None = None) -> bytes:
    """A file that is larger is larger still by what is read of it."""
    if not isinstance(image, Path):
        return image()
    with image.open("rb") as file:
        return file.read(-1 if max_bytes is None else max_bytes + 1)


def goods_of_source(source: Source, fetch: Fetch | None = None) -> Iterator[Good]:
    """In the source's order, each id once. What an ingestion would reject is left out, and without `fetch` what has no
    image on this machine."""
    seen: set[str] = set()
    for entry in source.entries():
        good = _good(entry, fetch) if isinstance(entry, Record) else None
        if good is not None and good.id not in seen:
            seen.add(good.id)
            yield good


def _good(record: Record, fetch: Fetch | None) -> Good | None:
    try:
        product = checked(record.product)
    except InvalidProduct:
        return None
    images = [image for place in record.images if (image := _image(place, fetch)) is not None]
    return _with_images(product, images) if images else None


def _image(place: ImagePlace, fetch: Fetch | None) -> Image | None:
    if isinstance(place, Url):
        return None if fetch is None else partial(fetch, place.address)
    return place


def _with_images(product: Product, images: list[Image]) -> Good:
    first, *further = images
    return Good(product.id, product.category, first, product.attributes, product.title, tuple(further))


async def goods_of_catalogue(
    store: VectorStore, original: Fetch, *, all_images: bool = False
) -> AsyncIterator[Kept]:
    """The generation's products, with the vectors that it has; with their first images only, unless all are wanted."""
    several: dict[str, list[Point]] = {}
    cursor = None
    while True:
        where = None if all_images else COUNTED_ONCE
        page = await store.scroll(where=where, limit=_PAGE, cursor=cursor, with_vectors=True)
        for point in page.points:
            if all_images:
                several.setdefault(point.payload["product_id"], []).append(point)
            else:
                yield _kept([point], original)
        if (cursor := page.cursor) is None:
            break
    for points in several.values():
        yield _kept(points, original)


def _kept(points: list[Point], original: Fetch) -> Kept:
    points = sorted(points, key=lambda point: int(point.payload["position"]))
    images: list[Image] = [partial(original, point.payload["image"]) for point in points]
    vectors = tuple(point.vector for point in points if point.vector is not None)
    return Kept(_with_images(product_in(points[0].payload), images), vectors)
