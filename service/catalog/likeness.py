"""Which images of other products are like these."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from service.catalog.together import few_at_once
from service.store.base import Page, Payload, Point, Search, VectorStore
from service.store.filters import Equals, Filter, Not, OneOf, all_of

MOST_LIKE_ONE = 50
_MOST_SAME = MOST_LIKE_ONE + 1  # with itself


@dataclass(frozen=True, slots=True)
class Like:
    id: str
    payload: Payload
    score: float


class Likeness:
    """By their vectors; and the same file by its name: an index may miss it, and vectors differ in the last digits."""

    def __init__(self, store: VectorStore, where: Filter | None, threshold: float) -> None:
        self._store = store
        self._where = where
        self._threshold = threshold

    async def of(self, points: Sequence[Point]) -> dict[str, list[Like]]:
        """By the point's id, at most MOST_LIKE_ONE for each; the same file comes first."""
        if not points:
            return {}
        same = await self._of_the_same_file(points)
        near = await self._store.query_batch([self._near(point) for point in points])
        found = {}
        for point, hits in zip(points, near, strict=True):
            alike = {like.id: like for like in same if _is_same_file(point, like)}
            for hit in hits:
                alike.setdefault(hit.id, Like(hit.id, hit.payload, hit.score))
            found[point.id] = list(alike.values())[:MOST_LIKE_ONE]
        return found

    async def _of_the_same_file(self, points: Sequence[Point]) -> list[Like]:
        """All at once; where one of them is in so many products that it hides the others, each by itself."""
        files = list(dict.fromkeys(point.payload["image"] for point in points))
        page = await self._with_file(files, len(files) * _MOST_SAME)
        pages = [page]
        if page.cursor is not None:
            pages = await few_at_once(partial(self._with_file, [file], _MOST_SAME) for file in files)
        return [Like(point.id, point.payload, 1.0) for page in pages for point in page.points]

    async def _with_file(self, files: Sequence[str], most: int) -> Page:
        where = all_of([self._where, OneOf("image", tuple(files))])
        return await self._store.scroll(where=where, limit=most)

    def _near(self, point: Point) -> Search:
        assert point.vector is not None  # noqa: S101 - asked for
        others = Not(Equals("product_id", point.payload["product_id"]))
        where = all_of([self._where, others])
        return Search(point.vector, where, MOST_LIKE_ONE, min_score=self._threshold)


def _is_same_file(point: Point, like: Like) -> bool:
    mine, theirs = point.payload, like.payload
    return bool(mine["image"] == theirs["image"] and mine["product_id"] != theirs["product_id"])
