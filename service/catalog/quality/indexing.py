"""The live generation's index against comparing with everything."""

import time
from collections.abc import Sequence

import numpy as np

from service.catalog.products import COUNTED_ONCE
from service.catalog.quality.figures import Index
from service.catalog.quality.goods import Kept
from service.catalog.quality.holding_out import sampled
from service.catalog.quality.intervals import interval
from service.store.base import Hit, Vector, VectorStore
from service.store.filters import Equals, Filter, all_of

MOST_ASKED = 256
_ROUNDING = 1e-5


async def measured_index(
    store: VectorStore, kept: Sequence[Kept], at: int, bytes_on_disk: int | None
) -> Index:
    chosen = sampled((one.good.id for one in kept), MOST_ASKED)
    asking = [one for one in kept if one.good.id in chosen]
    measuring = _Measuring(store, at)
    everywhere = [await measuring.recall(one.vectors[0], COUNTED_ONCE) for one in asking]
    inside = [await measuring.recall(one.vectors[0], _inside(one.good.category)) for one in asking]
    return Index(
        store.generation.name,
        await store.count(),
        bytes_on_disk,
        interval(np.array(everywhere)),
        interval(np.array(inside)),
        searched_per_s=measuring.asked / max(measuring.index_s, 1e-9),
        exactly_per_s=measuring.asked / max(measuring.exact_s, 1e-9),
        queries=len(asking),
    )


def _inside(category: str) -> Filter | None:
    return all_of([COUNTED_ONCE, Equals("category", category)])


class _Measuring:
    def __init__(self, store: VectorStore, at: int) -> None:
        self._store = store
        self._at = at
        self.asked = 0
        self.index_s = self.exact_s = 0.0

    async def recall(self, vector: Vector, where: Filter | None) -> float:
        """Of the nearest, those that the index finds, or others as near."""
        started = time.perf_counter()
        found = await self._store.query(vector, where=where, limit=self._at)
        between = time.perf_counter()
        nearest = await self._store.query(vector, where=where, limit=self._at, exact=True)
        self.index_s += between - started
        self.exact_s += time.perf_counter() - between
        self.asked += 1
        return _share(found, nearest)


def _share(found: Sequence[Hit], nearest: Sequence[Hit]) -> float:
    if not nearest:
        return 1.0
    ids, least = {hit.id for hit in nearest}, nearest[-1].score - _ROUNDING
    good = sum(hit.id in ids or hit.score >= least for hit in found)
    return min(good, len(nearest)) / len(nearest)
