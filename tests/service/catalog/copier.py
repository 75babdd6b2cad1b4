"""A catalogue of drawn vectors, a server to copy it to, and one who is killed on the way."""

import asyncio
import os
import signal
from pathlib import Path

import numpy as np
from qdrant_client import AsyncQdrantClient

from service.catalog.copying import Copied, Copying
from service.store.base import Generations, Identity, Point, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.live import build
from service.store.server_generations import ServerGenerations
from tests.service.store.points import point_id

DIM = 16
IDENTITY = Identity("test.copied.1", DIM, "cosine")


def over_grpc(port: int) -> Generations:
    """Quick to freeze: that waits for as long as a write may take."""
    client = AsyncQdrantClient(
        "127.0.0.1", port=port, grpc_port=port, prefer_grpc=True, check_compatibility=False
    )
    return ServerGenerations(client, timeout_s=10.0, believed_s=0.05)


def drawn(number: int) -> Point:
    chance = np.random.default_rng(number)
    payload = {
        "product_id": f"p{number // 2}",
        "category": "Shoes",
        "categories": ["Shoes"],
        "title": f"title {number}",
        "attributes": {"size": number % 7, "maker": f"maker {number % 3}"},
        "image": f"{number:064x}",
        "position": number % 2,
        "colours": ["red"],
    }
    return Point(point_id(number), payload, chance.normal(size=DIM).astype(np.float32))


async def filled_with(generations: Generations, count: int) -> VectorStore:
    store = await build(generations, IDENTITY)
    await store.ensure_index("attributes.size", "number")
    await store.ensure_index("attributes.maker", "keyword")
    for start in range(0, count, 500):
        await store.upsert([drawn(number) for number in range(start, min(count, start + 500))])
    return store


async def live(generations: Generations) -> VectorStore:
    generation = await generations.live()
    assert generation is not None
    store = generations.open(generation)
    await store.load()
    return store


async def copied(source: Generations, target: Generations, *, replace: bool = False) -> Copied:
    copied = await Copying(source, target, lambda *_: None).run(replace=replace)
    assert copied is not None
    return copied


async def everything(store: VectorStore) -> dict[str, Point]:
    page = await store.scroll(limit=100_000, with_vectors=True)
    return {point.id: point for point in page.points}


def same(left: dict[str, Point], right: dict[str, Point]) -> bool:
    return left.keys() == right.keys() and all(
        left[id_].payload == right[id_].payload
        and np.allclose(left[id_].vector, right[id_].vector, atol=1e-6)  # type: ignore[arg-type] # both were asked for
        for id_ in left
    )


def copy_and_die(folder: Path, port: int, stage: str, images: int) -> None:
    """Is killed when it has told of so many images of this stage."""

    def told(current: str, done: int, _: int) -> None:
        if current == stage and done >= images:
            os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        await Copying(EdgeGenerations(folder), over_grpc(port), told).run(replace=False)

    asyncio.run(run())
