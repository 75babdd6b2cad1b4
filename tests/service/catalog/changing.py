"""A shop under one model, and another model to move it to."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from embedder import Embedder, EmbedderConfig, ImageLimits, MicroBatcher
from service.catalog.catalog import Catalog
from service.catalog.media import MediaStore, open_media
from service.catalog.pictures import PictureReader
from service.catalog.products import Product
from service.catalog.reading import PAGE
from service.catalog.reembedding import Change, Reembedding
from service.store.base import Generations, Identity, Payload, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.live import build
from tests.pictures import COLOURS, picture

OTHER = EmbedderConfig(
    backbone="mobilenet_v3_large", weights="untrained", distance="euclid", compilation="off"
)


@cache
def other_embedder() -> Embedder:
    return Embedder.load(OTHER)


def identity_of(embedder: Embedder) -> Identity:
    return Identity(embedder.fingerprint, embedder.dim, embedder.config.distance)


@dataclass
class Model:
    """One model's way of changing to it, and what it told on the way."""

    embedder: Embedder
    reader: PictureReader
    generations: Generations
    media: MediaStore
    stages: list[str] = field(default_factory=list)
    at: dict[str, Callable[[], None]] = field(default_factory=dict)
    told: tuple[int, int] = (0, 0)

    @property
    def identity(self) -> Identity:
        return identity_of(self.embedder)

    @property
    def reembedding(self) -> Reembedding:
        return Reembedding(self.generations, self.reader, self.media, self._note)

    def _note(self, stage: str, done: int, total: int) -> None:
        self.told = (done, total)
        if not self.stages or self.stages[-1] != stage:
            self.stages.append(stage)
            self.at.pop(stage, lambda: None)()

    async def take_over(self) -> Change:
        change = await self.reembedding.run(self.identity)
        assert change is not None
        return change

    async def live(self) -> VectorStore:
        live = await self.generations.live()
        assert live is not None
        assert live.identity == self.identity
        return self.generations.open(live)

    async def catalog(self) -> Catalog:
        return Catalog(await self.live(), self.media, self.reader)


@asynccontextmanager
async def model(embedder: Embedder, generations: Generations, media: MediaStore) -> AsyncIterator[Model]:
    async with MicroBatcher(embedder) as batcher:
        yield Model(embedder, PictureReader(embedder, batcher, ImageLimits()), generations, media)


async def fill(catalog: Catalog, variants: int = 1) -> None:
    """Two images a product, a product a colour and variant."""
    for variant in range(variants):
        for number, colour in enumerate(COLOURS):
            product = Product(
                str(number + variant * len(COLOURS)),
                "Apparel/Shirts",
                colour,
                {"colour": colour, "price": number},
            )
            await catalog.put(
                product, [picture(colour, variant=variant), picture(colour, "dots", variant=variant)]
            )


async def payloads(store: VectorStore) -> dict[str, Payload]:
    page = await store.scroll(limit=10 * PAGE)
    assert page.cursor is None
    return {point.id: point.payload for point in page.points}


def missing(folder: Path, image: str) -> Callable[[], object]:
    """Takes an original away; calling the result puts it back."""
    path = folder / "originals" / image[:2] / image
    data = path.read_bytes()
    path.unlink()
    return lambda: path.write_bytes(data)


async def filled(data: Path, embedder: Embedder, variants: int = 1) -> None:
    """A shop on disk, which nobody has open."""
    generations = EdgeGenerations(data / "store")
    async with model(embedder, generations, open_media(None, data)) as first:
        await build(generations, first.identity)
        await fill(await first.catalog(), variants)
    await generations.aclose()


def spawned(target: Callable[..., None], *arguments: object) -> int | None:
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join(100)
    return process.exitcode


def take_over_and_die(data: Path, stage: str) -> None:
    async def run() -> None:
        generations = EdgeGenerations(data / "store")
        async with model(other_embedder(), generations, open_media(None, data)) as new:
            new.at[stage] = lambda: os.kill(os.getpid(), signal.SIGKILL)
            await new.take_over()

    asyncio.run(run())
