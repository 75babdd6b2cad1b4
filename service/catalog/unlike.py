"""Images that are like no other: the nearest are further than is usual, both where the image stands and where they do.

Both, for a product in the wrong category may be far from those it stands among, and is not from those it belongs to.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from service.catalog.collapse import best_of_each
from service.catalog.products import Match, Product, product_in
from service.catalog.usual import NEAREST, Usual, UsualDistances, nearest
from service.catalog.walking import Stretch, stretch
from service.store.base import Hit, Point, VectorStore
from service.store.filters import Filter

UNUSUAL = 2.0


@dataclass(frozen=True, slots=True)
class Loner:
    product: Product
    image: str
    nearest: Match
    """The image of another product that is least unlike it."""
    distance: float
    """How far the second nearest is."""
    usual: float
    """How far that usually is."""
    unusual: float
    """How many times the usual spread it is further."""


class Unlike:
    """Inside a filter if one is given; the nearest are looked for in the whole catalogue."""

    def __init__(
        self, store: VectorStore, usual: UsualDistances, where: Filter | None, unusual: float
    ) -> None:
        self._store = store
        self._usual = usual
        self._where = where
        self._unusual = unusual

    async def page(self, limit: int, cursor: str | None) -> Stretch[Loner]:
        return await stretch(self._store, self._where, limit, cursor, self.look)

    async def look(self, points: Sequence[Point]) -> AsyncGenerator[Loner | None]:
        found = await nearest(self._store, points) if points else []
        for point, hits in zip(points, found, strict=True):
            yield await self._judged(point, hits) if len(hits) == NEAREST else None

    async def _judged(self, point: Point, hits: Sequence[Hit]) -> Loner | None:
        distance = hits[-1].distance
        least: Usual | None = None
        for category in dict.fromkeys(payload["category"] for payload in (point.payload, hits[0].payload)):
            usual = await self._usual.of(category)
            if usual is None or usual.beyond(distance) < self._unusual:
                return None
            least = usual if least is None else min(least, usual, key=lambda one: one.beyond(distance))
        assert least is not None  # noqa: S101 - the image has a category
        return Loner(
            product_in(point.payload),
            point.payload["image"],
            best_of_each(hits)[0],
            distance,
            least.distance,
            least.beyond(distance),
        )
