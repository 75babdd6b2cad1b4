import asyncio
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from service.catalog.catalog import Answer, Query
from service.commands.console import configure_logging, load_settings, out, run
from service.commands.opening import opened, soon_over
from service.settings import Settings


def search(image: Path, category: str | None, top: int) -> None:
    settings = load_settings()
    configure_logging(settings.log_level)
    _show(run(_search(settings, image, Query(category, None, top))))


async def _search(settings: Settings, image: Path, query: Query) -> Answer:
    data = await asyncio.to_thread(image.read_bytes)
    async with opened(soon_over(settings)) as state:
        return await state.catalog.similar_to_image(data, query)


def _show(answer: Answer) -> None:
    table = Table("score", "id", "title", "category")
    for match in answer.matches:
        product = match.product
        table.add_row(f"{match.score:.3f}", *map(escape, (product.id, product.title, product.category)))
    out.print(table if answer.matches else "Nothing here looks like it.")
