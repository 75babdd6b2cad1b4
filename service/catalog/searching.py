"""What looks like this: an image, a product, or several of them at once."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.catalog import categories
from service.catalog.attributes import AttributeKinds
from service.catalog.collapse import best_per_product
from service.catalog.counts import Counts
from service.catalog.errors import InvalidProduct, UnknownCategory
from service.catalog.filtering import attribute_filter
from service.catalog.pictures import PictureReader
from service.catalog.products import Match
from service.catalog.reading import points_of
from service.store.base import Hit, Vector, VectorStore
from service.store.filters import Equals, Filter, Not, all_of


@dataclass(frozen=True, slots=True)
class Query:
    """What a search may ask beside its image."""

    category: str | None = None
    filter: Mapping[str, Any] | None = None
    limit: int = 10
    min_score: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    matches: list[Match]
    category: str | None
    timings_s: dict[str, float]


class Searching:
    def __init__(
        self, store: VectorStore, reader: PictureReader, kinds: AttributeKinds, counts: Counts
    ) -> None:
        self._store = store
        self._reader = reader
        self._kinds = kinds
        self._counts = counts

    async def similar_to_image(self, data: bytes, query: Query) -> Answer:
        where = await self.where(query.category, query.filter)
        picture = await self._reader.read_query(data)
        answer = await self._search(picture.vector, where, query)
        timings_s = {"decode": picture.decode_s, "embed": picture.embed_s} | answer.timings_s
        return Answer(answer.matches, answer.category, timings_s)

    async def similar_to_product(self, product_id: str, query: Query) -> Answer:
        vector = await self._vector(product_id)
        where = all_of([await self.where(query.category, query.filter), _is_not(product_id)])
        return await self._search(vector, where, query)

    async def recommend(self, liked: Sequence[str], disliked: Sequence[str], query: Query) -> Answer:
        where = all_of([await self.where(query.category, query.filter), *map(_is_not, [*liked, *disliked])])
        positive = [await self._vector(product_id) for product_id in liked]
        negative = [await self._vector(product_id) for product_id in disliked]

        async def fetch(limit: int) -> list[Hit]:
            return await self._store.recommend(positive, negative, where=where, limit=limit)

        return await self._answer(fetch, query)

    async def where(self, category: str | None, filter_: Mapping[str, Any] | None) -> Filter | None:
        inside = None if category is None else Equals("categories", _spelled(category))
        return all_of([inside, await attribute_filter(filter_, self._kinds)])

    async def _search(self, vector: Vector, where: Filter | None, query: Query) -> Answer:
        async def fetch(limit: int) -> list[Hit]:
            return await self._store.query(vector, where=where, limit=limit, min_score=query.min_score)

        return await self._answer(fetch, query)

    async def _answer(self, fetch: Callable[[int], Awaitable[list[Hit]]], query: Query) -> Answer:
        started = time.perf_counter()
        matches = await best_per_product(fetch, query.limit)
        category = None if query.category is None else _spelled(query.category)
        if not matches and category is not None:
            await self._check_known(category)
        return Answer(matches, category, {"search": time.perf_counter() - started})

    async def _check_known(self, category: str) -> None:
        """Asked only when nothing was found: a search that finds something needs no second question."""
        if not (await self._store.scroll(where=Equals("categories", category), limit=1)).points:
            known = await self._counts.by_category.get()
            raise UnknownCategory(category, categories.suggestions(category, known))

    async def _vector(self, product_id: str) -> Vector:
        """Of the image that stands for it."""
        points = await points_of(self._store, product_id, with_vectors=True)
        first = min(points, key=lambda point: point.payload["position"])
        assert first.vector is not None  # noqa: S101 - asked for
        return first.vector


def _is_not(product_id: str) -> Filter:
    return Not(Equals("product_id", product_id))


def _spelled(category: str) -> str:
    try:
        return categories.normalised(category)
    except InvalidProduct as error:
        raise UnknownCategory(category[:200], []) from error
