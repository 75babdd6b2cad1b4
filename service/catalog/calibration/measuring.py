"""Measures a generation on a sample of its products, which is as large however many there are.

Ids are hashes, so the first products in their order are a draw of all, and the same one each time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from service.catalog.calibration.calibration import Calibration
from service.catalog.calibration.familiarity import Familiarity
from service.catalog.calibration.groups import FEWEST, WHOLE, Group, groups_in
from service.catalog.calibration.scale import FEWEST_SCORES, Scale
from service.catalog.counts import count_by_category
from service.catalog.products import COUNTED_ONCE
from service.store.base import Point, Search, VectorStore
from service.store.filters import Equals, Filter, Not, all_of
from service.store.scores import likenesses

_SEARCHES = 4_000
_MOST_OF_A_GROUP = 200
_SAMPLE = 1_000
_PAGE = 100
_AT_ONCE = 8

Rest = Callable[[float], Awaitable[None]]
"""Told how long the last step took, it lets others go first for a while."""


class Measuring:
    def __init__(self, store: VectorStore, rest: Rest) -> None:
        self._store = store
        self._rest = rest
        self._identity = store.generation.identity

    async def run(self, nothing: Mapping[str, NDArray[np.float32]]) -> Calibration | None:
        """None where there are too few products to tell what is usual."""
        images = await self._store.count(exact=False)
        scales = await self._scales()
        if "" not in scales:
            return None
        products = np.stack(_vectors(await self._sample(COUNTED_ONCE, _SAMPLE)))
        familiarity = await asyncio.to_thread(Familiarity.of, products, nothing)
        return Calibration(self._identity.fingerprint, images, scales, familiarity)

    async def _scales(self) -> dict[str, Scale]:
        groups = groups_in(await count_by_category(self._store, exact=False))
        size = max(FEWEST, min(_MOST_OF_A_GROUP, _SEARCHES // max(1, len(groups))))
        scales = {group.path: await self._scale(group, size) for group in groups}
        if scales.get("") is None:
            scales[""] = await self._scale(WHOLE, size)
        return {path: scale for path, scale in scales.items() if scale is not None}

    async def _scale(self, group: Group, size: int) -> Scale | None:
        sample = await self._sample(group.where(), size)
        parts = [sample[start : start + _AT_ONCE] for start in range(0, len(sample), _AT_ONCE)]
        best = [score for part in parts for score in await self._best(part)]
        if len(best) < FEWEST_SCORES:
            return None
        return await asyncio.to_thread(lambda: Scale.of(best, self._unrelated(sample)))

    async def _sample(self, where: Filter | None, size: int) -> list[Point]:
        sample: list[Point] = []
        cursor = None
        while len(sample) < size:
            started = time.perf_counter()
            page = await self._store.scroll(
                where=where, limit=min(_PAGE, size - len(sample)), cursor=cursor, with_vectors=True
            )
            sample += page.points
            await self._rest(time.perf_counter() - started)
            if (cursor := page.cursor) is None:
                break
        return sample

    async def _best(self, points: Sequence[Point]) -> list[float]:
        """Of the nearest other product in each one's own category; none where it is alone there."""
        started = time.perf_counter()
        found = await self._store.query_batch([_nearest(point) for point in points])
        await self._rest(time.perf_counter() - started)
        return [hits[0].score for hits in found if hits]

    def _unrelated(self, sample: Sequence[Point]) -> NDArray[np.float64]:
        vectors = np.stack(_vectors(sample))
        alike = likenesses(vectors, vectors, self._identity.distance)
        return np.asarray(alike[np.triu_indices(len(vectors), 1)])


def _vectors(points: Sequence[Point]) -> list[NDArray[np.float32]]:
    return [point.vector for point in points if point.vector is not None]


def _nearest(point: Point) -> Search:
    assert point.vector is not None  # noqa: S101 - asked for
    category = Equals("categories", point.payload["category"])
    others = Not(Equals("product_id", point.payload["product_id"]))
    return Search(point.vector, all_of([category, others]), limit=1)
