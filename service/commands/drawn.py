"""The products that something is learned from: a draw of a source's, or of the live catalogue's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from service.catalog.fitting.goods import drawn_from_catalogue, drawn_from_source
from service.catalog.media import open_media
from service.catalog.quality.goods import Good
from service.catalog.sources.detect import open_source
from service.catalog.sources.options import SourceOptions
from service.commands.live_store import live_store
from service.commands.measurable import waiting
from service.settings import Settings
from service.state import open_fetcher
from service.store.base import Generation


@dataclass(frozen=True, slots=True)
class Drawn:
    goods: list[Good]
    live: Generation | None = None
    """Whose they are; none where they are a source's."""


@asynccontextmanager
async def drawn(
    settings: Settings, source: str | None, read_as: SourceOptions, images: int
) -> AsyncIterator[Drawn]:
    """Their pictures can be had until the end of the block."""
    if source is None:
        async with live_store(settings) as store:
            media = open_media(settings.media_url, settings.data_dir)
            goods = await drawn_from_catalogue(store, waiting(media.original), images)
            yield Drawn(goods, store.generation)
        return
    async with open_fetcher(settings, settings.data_dir / "fetched") as fetcher:
        opened = await asyncio.to_thread(open_source, source, read_as)
        yield Drawn(await asyncio.to_thread(drawn_from_source, opened, waiting(fetcher.fetch), images))
