"""What `vizinho evaluate` measures on: a source, or the live catalogue with the vectors that it has."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embedder import EmbedderConfig
from service.catalog.media import MediaStore
from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.goods import Fetch, Kept, goods_of_catalogue, goods_of_source
from service.catalog.quality.holding_out import is_held_out, sampled
from service.catalog.quality.ranking import Vectors
from service.catalog.quality.rounds import Rows
from service.catalog.reading import product_ids
from service.catalog.sources.detect import open_source
from service.catalog.sources.options import SourceOptions
from service.commands.opening import opened
from service.settings import Settings
from service.state import State, open_fetcher
from service.store.base import VectorStore

_BLOCK = 512  # whatever the file system's own is


@dataclass(frozen=True, slots=True)
class Choice:
    """Of all products those that are looked at."""

    held_out: float | None = None
    limit: int | None = None
    all_images: bool = False

    def of(self, ids: list[str]) -> set[str]:
        share = self.held_out
        kept = ids if share is None else [one for one in ids if is_held_out(one, share)]
        if len(kept) < 2:
            raise Unmeasurable("Fewer than two products are left, so that none can be the match of another.")
        return sampled(kept, self.limit)


@dataclass(frozen=True, slots=True)
class Live:
    """The catalogue in service."""

    store: VectorStore
    vectors: Vectors
    """Of the rows."""
    config: EmbedderConfig
    """Of the embedder that made them."""
    fingerprint: str
    bytes_on_disk: int | None


@dataclass(frozen=True, slots=True)
class Measurable:
    name: str
    rows: Rows
    live: Live | None = None


@asynccontextmanager
async def from_source(
    where: str, options: SourceOptions, choice: Choice, settings: Settings
) -> AsyncIterator[Measurable]:
    async with open_fetcher(settings, settings.data_dir / "fetched") as fetcher:
        fetch = waiting(fetcher.fetch)
        source = await asyncio.to_thread(open_source, where, options)
        goods = await asyncio.to_thread(lambda: list(goods_of_source(source, fetch)))
        chosen = choice.of([good.id for good in goods])
        kept = [good for good in goods if good.id in chosen]
        yield Measurable(Path(where).name or where, Rows(kept, all_images=choice.all_images))


@asynccontextmanager
async def from_catalogue(choice: Choice, settings: Settings) -> AsyncIterator[Measurable]:
    async with opened(settings, join=True) as state:
        generation = await state.generations.live()
        if generation is None:
            raise Unmeasurable("There is no catalogue yet. `vizinho ingest FOLDER` makes one.")
        store = state.generations.open(generation)
        await store.load()
        rows, vectors = await _kept(store, state.media, choice)
        live = Live(
            store,
            vectors,
            state.embedder.config,
            state.embedder.fingerprint,
            await _size(state, generation.name),
        )
        yield Measurable("the live catalogue", rows, live)


async def _kept(store: VectorStore, media: MediaStore, choice: Choice) -> tuple[Rows, Vectors]:
    chosen = choice.of([one async for page in product_ids(store) for one in page])
    every = goods_of_catalogue(store, _originals(media), all_images=choice.all_images)
    kept = sorted([one async for one in every if one.good.id in chosen], key=lambda one: one.good.id)
    rows = Rows([one.good for one in kept], all_images=choice.all_images)
    return rows, np.stack([vector for one in kept for vector in one.vectors])


def kept_in(rows: Rows, vectors: Vectors) -> list[Kept]:
    """Each product with the vector of its first image."""
    return [Kept(good, (vectors[first],)) for good, first in zip(rows.goods, rows.firsts, strict=True)]


def _originals(media: MediaStore) -> Fetch:
    return waiting(media.original)


def waiting(fetch: Callable[[str], Coroutine[Any, Any, bytes]]) -> Fetch:
    """For threads, while the loop runs."""
    loop = asyncio.get_running_loop()
    return lambda name: asyncio.run_coroutine_threadsafe(fetch(name), loop).result()


async def _size(state: State, generation: str) -> int | None:
    """None where the store is a server's."""
    if state.generations.kind != "embedded":
        return None
    return await asyncio.to_thread(_bytes_in, state.settings.data_dir / "store" / generation)


def _bytes_in(folder: Path) -> int | None:
    """As far as it is taken up on the disk. None where a service that runs is just then changing its files."""
    try:
        return sum(file.stat().st_blocks * _BLOCK for file in folder.rglob("*"))
    except FileNotFoundError:
        return None
