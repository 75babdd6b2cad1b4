from pathlib import Path

from service.catalog.catalog import Catalog
from service.catalog.products import Match
from service.catalog.searching import Query
from service.catalog.sheet import Tile
from service.commands.matches import picture_of, show_found, write_sheet
from service.commands.opening import opened, soon_over
from service.settings import Settings


def similar(product_id: str, query: Query, sheet: Path | None) -> None:
    show_found(lambda settings: _similar(settings, product_id, query, sheet), sheet)


async def _similar(settings: Settings, product_id: str, query: Query, sheet: Path | None) -> list[Match]:
    async with opened(soon_over(settings), join=True) as state:
        answer = await state.catalog.similar_to_product(product_id, query)
        if sheet is not None:
            asked = await _asked(state.catalog, product_id, answer.place.category)
            await write_sheet(sheet, asked, answer.matches, state.catalog)
    return answer.matches


async def _asked(catalog: Catalog, product_id: str, category: str | None) -> Tile:
    stored = await catalog.get(product_id)
    product = stored.product
    looked_in = f"in {category or 'the whole catalogue'}"
    picture = await picture_of(catalog, stored.images[0])
    return Tile(picture, "query", product.title or product.id, (product.category, product.id, looked_in))
