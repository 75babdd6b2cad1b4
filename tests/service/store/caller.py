"""One of many that use a store at once, and that know what must be there afterwards."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import numpy as np

from service.store.base import Point, VectorStore
from service.store.errors import StoreError
from tests.service.store.history import DIM, Write
from tests.service.store.model import Model
from tests.service.store.points import point_id
from tests.service.store.whole import difference


class Caller:
    """Writes, reads and deletes points of its own until told to stop, and knows what must be there."""

    def __init__(self, number: int, store: VectorStore) -> None:
        self.own = {point_id(number * 1_000 + n): n for n in range(50)}
        self.chance = np.random.default_rng(number)
        self.store = store
        self.model = Model("cosine")
        self.outcomes: Counter[str] = Counter()

    async def work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if self.chance.random() < 0.3:
                await self._tried(self.store.query(self.chance.normal(size=DIM).astype(np.float32)))
                continue
            after = Model("cosine")
            after.contents = dict(self.model.contents)
            if await self._tried(self._write(after).do(self.store)):
                self.model = after
            else:
                await self._look(after)

    def _write(self, after: Model) -> Write:
        ids = [str(id_) for id_ in self.chance.choice(list(self.own), size=10, replace=False)]
        vectors = self.chance.normal(size=(10, DIM)).astype(np.float32)
        points = [
            Point(id_, {"n": self.own[id_], "at": time.perf_counter()}, row)
            for id_, row in zip(ids, vectors, strict=True)
        ]
        write = Write("upsert", (points,)) if self.chance.random() < 0.7 else Write("delete", (ids,))
        write.tell(after)
        return write

    async def _look(self, after: Model) -> None:
        """A write that failed was done whole or not at all."""
        while not await self._tried(self._held()):  # noqa: ASYNC110 - for the store itself
            await asyncio.sleep(0.01)
        found = self.held
        if difference(found, after.contents) is None:
            self.model = after
        assert difference(found, self.model.contents) is None

    async def _held(self) -> None:
        points = await self.store.retrieve(list(self.own), with_vectors=True)
        self.held = {point.id: (point.payload, point.vector) for point in points if point.vector is not None}

    async def _tried(self, call: Coroutine[Any, Any, object]) -> bool:
        """Whatever else than an answer or a StoreError comes ends the test."""
        try:
            await call
        except StoreError as error:
            self.outcomes[type(error).__name__] += 1
            return False
        self.outcomes["answered"] += 1
        return True
