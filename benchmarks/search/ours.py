"""This store, through its child process, as the service uses it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import uvloop

from service.store.base import Identity, Point, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.edge_options import EdgeOptions
from service.store.filters import Equals
from service.store.live import open_live

from .catalogue import ANY, LIMIT, Catalogue, Questions, Vectors
from .contender import Answer, Contender, within

T = TypeVar("T")
_BATCH = 500
_TIMEOUT_S = 120.0


class Vizinho(Contender):
    about = "embedded, through its process"
    exact: ClassVar[bool] = False

    def __init__(self) -> None:
        # The service's own loop: uvicorn brings it.
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._opened: Any = None

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(coroutine)

    def build(self, catalogue: Catalogue, folder: Path) -> dict[str, float]:
        async def filled() -> dict[str, float]:
            async with opened(catalogue, folder) as store:
                started = time.perf_counter()
                await fill(store, catalogue)
                filled = time.perf_counter()
                await store.settle()
                return {"write_s": filled - started, "index_s": time.perf_counter() - filled}

        return self._run(filled())

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        self._opened = opened(catalogue, folder)
        self._store = self._run(self._opened.__aenter__())

    def answers(self, questions: Questions, rows: range, seconds: float) -> list[Answer]:
        async def asked() -> list[Answer]:
            return [
                await answer(self._store, questions, row, exact=self.exact) for row in within(rows, seconds)
            ]

        return self._run(asked())

    def per_s(self, questions: Questions, callers: int, seconds: float) -> float:
        return self._run(_per_s(self._store, questions, callers, seconds))

    def close(self) -> None:
        if self._opened is not None:
            self._run(self._opened.__aexit__(None, None, None))
        self._runner.close()


class VizinhoExact(Vizinho):
    about = "embedded, through its process, exact=True"
    exact = True


@asynccontextmanager
async def opened(catalogue: Catalogue, folder: Path) -> AsyncIterator[VectorStore]:
    generations = EdgeGenerations(folder, EdgeOptions(timeout_s=_TIMEOUT_S))
    try:
        identity = Identity("benchmark", catalogue.shape.dim, "cosine")
        yield await open_live(generations, identity, upgrade=True)
    finally:
        await generations.aclose()


async def fill(store: VectorStore, catalogue: Catalogue, first: int = 0, last: int | None = None) -> None:
    for start, block in catalogue.blocks(first, last):
        for batch in _batches(start, block, catalogue):
            await store.upsert(batch)


def _batches(start: int, block: Vectors, catalogue: Catalogue) -> Iterator[list[Point]]:
    for skipped in range(0, len(block), _BATCH):
        rows = enumerate(block[skipped : skipped + _BATCH], start + skipped)
        yield [
            Point(str(uuid.UUID(int=row)), _payload(row, int(catalogue.categories[row])), vector)
            for row, vector in rows
        ]


def _payload(row: int, category: int) -> dict[str, Any]:
    """What the service writes to a point."""
    return {
        "product_id": f"product-{row}",
        "image": f"{row:064x}",
        "position": 0,
        "categories": [_name(category)],
    }


def _name(category: int) -> str:
    return f"category-{category:02}"


async def answer(store: VectorStore, questions: Questions, row: int, *, exact: bool = False) -> Answer:
    category = int(questions.categories[row])
    started = time.perf_counter()
    where = None if category == ANY else Equals("categories", _name(category))
    hits = await store.query(questions.vectors[row], where=where, limit=LIMIT, exact=exact)
    return time.perf_counter() - started, [uuid.UUID(hit.id).int for hit in hits]


async def _per_s(store: VectorStore, questions: Questions, callers: int, seconds: float) -> float:
    begin, done = time.perf_counter(), 0

    async def call(caller: int) -> None:
        nonlocal done
        while time.perf_counter() - begin < seconds:
            await answer(store, questions, (caller + done) % len(questions.vectors))
            done += 1

    await asyncio.gather(*(call(caller) for caller in range(callers)))
    return done / (time.perf_counter() - begin)


OURS: dict[str, type[Contender]] = {"vizinho": Vizinho, "vizinho-exact": VizinhoExact}
