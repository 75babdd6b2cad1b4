"""What a search found: as a table in the terminal, and as a contact sheet."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from rich.markup import escape
from rich.table import Table

from service.catalog.catalog import Catalog
from service.catalog.errors import UnknownImage
from service.catalog.products import Match
from service.catalog.sheet import Tile, contact_sheet, picture_in
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.output import check_output
from service.settings import Settings
from service.store.files import write_whole

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


def show_found(
    search: Callable[[Settings], Coroutine[Any, Any, Sequence[Match]]], sheet: Path | None
) -> None:
    """Searches, and shows what was found. `search` draws the sheet: it has the catalogue open."""
    if sheet is not None:
        check_output("--sheet", sheet, _FORMATS)
    settings = load_settings()
    configure_logging(settings)
    _show(run(search(settings)))
    if sheet is not None:
        out.print(f"The contact sheet is {sheet}.", markup=False, highlight=False, soft_wrap=True)


def _show(matches: Sequence[Match]) -> None:
    table = Table("score", "match", "percentile", "id", "title", "category")
    for match in matches:
        product = match.product
        unusual = "" if match.percentile is None else f"{match.percentile:.2f}"
        said = (f"{match.score:.3f}", match.closeness or "", unusual)
        table.add_row(*said, *map(escape, (product.id, product.title, product.category)))
    out.print(table if matches else "Nothing here looks like it.")


async def write_sheet(path: Path, query: Tile, matches: Sequence[Match], catalog: Catalog) -> None:
    pictures = await asyncio.gather(*(picture_of(catalog, match.image) for match in matches))
    tiles = [_tile(match, picture) for match, picture in zip(matches, pictures, strict=True)]
    await asyncio.to_thread(_draw, path, query, tiles)


async def picture_of(catalog: Catalog, image: str) -> Image.Image | None:
    try:
        return picture_in(await catalog.thumbnail(image))
    except UnknownImage:  # deleted a moment ago, or lost: its match is shown all the same
        return None


def _tile(match: Match, picture: Image.Image | None) -> Tile:
    product = match.product
    return Tile(picture, f"{match.score:.3f}", product.title or product.id, (product.category, product.id))


def _draw(path: Path, query: Tile, tiles: Sequence[Tile]) -> None:
    file = BytesIO()
    contact_sheet(query, tiles).save(file, _FORMATS[path.suffix.lower()], quality=92)
    write_whole(path, file.getvalue())
