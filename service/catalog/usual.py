"""How far it usually is to the nearest pictures of other products, in a category: by a sample of it.

In the unit of whatever model and distance the vectors have, so that what is unusual means the same under each.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.catalog.categories import ancestors
from service.catalog.products import COUNTED_ONCE
from service.catalog.walking import AT_ONCE
from service.store.base import Hit, Point, Search, VectorStore
from service.store.filters import Equals, Not, all_of

NEAREST = 2
"""The second nearest counts: what is out of place may be there twice."""
_SAMPLE = 64
_LEAST = 20
"""Of fewer nothing is said: they are judged as the category above."""
_MOST_KEPT = 10_000
_BELIEVED_FOR_S = 3_600.0
_THE_SAME = 0.1
"""Of the usual distance: what is nearer shows one thing in several colours, and says nothing of the others."""
_LEAST_SPREAD = 0.05
"""Of the usual distance."""


@dataclass(frozen=True, slots=True)
class Usual:
    distance: float
    """The median."""
    spread: float
    """From there to where the furthest tenth begins."""

    def beyond(self, distance: float) -> float:
        """How many times the spread it is further than usual: 1 is where the furthest tenth begins."""
        return (distance - self.distance) / self.spread


class UsualDistances:
    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._kept: dict[str, tuple[float, Usual | None]] = {}

    async def of(self, category: str) -> Usual | None:
        """None where so few pictures are known that nothing is usual."""
        for path in [*reversed(ancestors(category)), ""]:
            if (usual := await self._inside(path)) is not None:
                return usual
        return None

    async def _inside(self, path: str) -> Usual | None:
        until, usual = self._kept.get(path, (0.0, None))
        if time.monotonic() >= until:
            usual = usual_among(await self._sample(path))
            self._keep(path, usual)
        return usual

    async def _sample(self, path: str) -> NDArray[np.float64]:
        """The first by their ids, which are made of hashes: a draw that is the same every time."""
        where = all_of([COUNTED_ONCE, Equals("categories", path) if path else None])
        points = (await self._store.scroll(where=where, limit=_SAMPLE, with_vectors=True)).points
        if len(points) < _LEAST:
            return np.empty(0)
        distances: list[float] = []
        for start in range(0, len(points), AT_ONCE):
            found = await nearest(self._store, points[start : start + AT_ONCE])
            distances += [hits[-1].distance for hits in found if len(hits) == NEAREST]
        return np.array(distances)

    def _keep(self, path: str, usual: Usual | None) -> None:
        self._kept.pop(path, None)
        self._kept[path] = (time.monotonic() + _BELIEVED_FOR_S, usual)
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]


async def nearest(store: VectorStore, points: Sequence[Point]) -> list[list[Hit]]:
    """For each the nearest images of other products, in the whole catalogue."""
    return await store.query_batch([_search(point) for point in points])


def _search(point: Point) -> Search:
    assert point.vector is not None  # noqa: S101 - asked for
    return Search(point.vector, Not(Equals("product_id", point.payload["product_id"])), limit=NEAREST)


def usual_among(distances: NDArray[np.float64]) -> Usual | None:
    apart = distances[distances > _THE_SAME * np.quantile(distances, 0.9)] if len(distances) else distances
    if len(apart) < _LEAST:
        return None
    middle, far = np.quantile(apart, (0.5, 0.9))
    return Usual(float(middle), float(max(far - middle, _LEAST_SPREAD * middle)))
