"""A contact sheet for each kind of finding."""

import asyncio
from io import BytesIO
from itertools import islice
from pathlib import Path

from PIL import Image

from service.catalog.auditing import Kind
from service.catalog.errors import UnknownImage
from service.catalog.media import MediaStore
from service.catalog.sheet import Tile, contact_sheet, picture_in
from service.commands.audit_rows import HEADINGS, MENDS, Row, rows_of
from service.commands.audited import Audited
from service.commands.console import out
from service.store.files import write_whole

_MOST_DRAWN = 60


async def draw_sheets(folder: Path, audited: Audited, media: MediaStore) -> None:
    for kind in audited.counts:
        rows = list(
            islice((row for finding in audited.findings(kind) for row in rows_of(finding)), _MOST_DRAWN)
        )
        if rows:
            path = folder / f"{kind}.png"
            tiles = [await _tile(row, media) for row in rows]
            await asyncio.to_thread(_draw, path, kind, tiles)
            out.print(f"A sheet of them: {path}.", markup=False, highlight=False, soft_wrap=True)


async def _tile(row: Row, media: MediaStore) -> Tile:
    product = row.product
    return Tile(await _picture(row.image, media), product.id, product.title, (row.why, product.category))


async def _picture(image: str, media: MediaStore) -> Image.Image | None:
    try:
        return picture_in(await media.thumbnail(image))
    except UnknownImage:
        return None


def _draw(path: Path, kind: Kind, tiles: list[Tile]) -> None:
    """The first of them stands large at the side."""
    first = Tile(tiles[0].picture, HEADINGS[kind], MENDS[kind])
    file = BytesIO()
    contact_sheet(first, tiles).save(file, "PNG")
    write_whole(path, file.getvalue())
