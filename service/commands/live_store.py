"""The catalogue's vectors for commands that only read: nothing is embedded, so no network is loaded."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.settings import Settings
from service.state import opened_generations
from service.store.base import VectorStore
from service.store.errors import SchemaBehind
from service.store.live import check_schema


@asynccontextmanager
async def live_store(settings: Settings) -> AsyncIterator[VectorStore]:
    """A running service's store too."""
    async with opened_generations(settings, join=True) as generations:
        live = await generations.live()
        if live is None:
            raise SchemaBehind("There is no catalogue yet. `vizinho ingest FOLDER` makes one.")
        await check_schema(generations, live, upgrade=False)
        store = generations.open(live)
        await store.load()
        yield store
