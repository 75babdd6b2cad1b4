import asyncio
from pathlib import Path

from embedder import read_image
from service.catalog.products import Match
from service.catalog.searching import Query
from service.catalog.sheet import Tile
from service.commands.matches import show_found, write_sheet
from service.commands.opening import opened, soon_over
from service.settings import Settings
from service.state import image_limits


def search(image: Path, query: Query, sheet: Path | None) -> None:
    show_found(lambda settings: _search(settings, image, query, sheet), sheet)


async def _search(settings: Settings, image: Path, query: Query, sheet: Path | None) -> list[Match]:
    data = await asyncio.to_thread(image.read_bytes)
    async with opened(soon_over(settings), join=True) as state:
        answer = await state.catalog.similar_to_image(data, query)
        if sheet is not None:
            picture = await asyncio.to_thread(read_image, data, image_limits(settings))
            asked = Tile(picture, "query", image.name, (answer.place.category or "the whole catalogue",))
            await write_sheet(sheet, asked, answer.matches, state.catalog)
    return answer.matches
