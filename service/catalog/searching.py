"""What looks like this: an image, a product, or several of them at once."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from embedder import CropBox
from service.catalog import categories
from service.catalog.attributes import AttributeKinds
from service.catalog.calibration.calibration import Calibrated
from service.catalog.calibration.closeness import Closeness
from service.catalog.calibration.judge import Judge
from service.catalog.collapse import best_per_product
from service.catalog.counts import Counts
from service.catalog.errors import InvalidProduct, NotCalibrated, UnknownCategory
from service.catalog.filtering import attribute_filter
from service.catalog.pictures import PictureReader, QueryPicture
from service.catalog.products import Match
from service.catalog.ranking import CANDIDATES, Ranking
from service.catalog.reading import points_of
from service.catalog.reranking.methods import Rerank
from service.catalog.together import all_done
from service.catalog.voting import VOTERS, CategoryBy, elected
from service.store.base import Vector, VectorStore
from service.store.filters import Equals, Filter, Not, OneOf, all_of

AUTO = "auto"
"""Asks for the category that the neighbours stand in. A category of this name is asked for as `/auto`."""


@dataclass(frozen=True, slots=True)
class ImageExample:
    """An image, or a part of what it shows. Its file is opened when its turn comes, and let go once it is embedded:
    there may be many, and large ones."""

    opened: Callable[[], AbstractAsyncContextManager[bytes]]
    crop: CropBox | None = None


Example: TypeAlias = str | ImageExample
"""A product's id, or an image."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a search may ask beside its image."""

    category: str | None = None
    filter: Mapping[str, Any] | None = None
    limit: int = 10
    min_score: float | None = None
    offset: int = 0
    exclude: Sequence[str] = ()
    min_match: Closeness = "weak"
    diversity: float = 0.0
    """0 takes the nearest; towards 1 it matters more that the matches differ from each other."""
    rerank: Rerank | None = None
    """None: as this shop has set."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where was searched, and how that is known."""

    category: str | None
    by: CategoryBy
    share: float | None = None
    """Of the neighbours, those that stand in a predicted category."""


@dataclass(frozen=True, slots=True)
class Answer:
    matches: list[Match]
    place: Place
    rerank: Rerank
    timings_s: dict[str, float]


class Searching:
    def __init__(
        self,
        store: VectorStore,
        reader: PictureReader,
        kinds: AttributeKinds,
        counts: Counts,
        rerank: Rerank,
        calibrated: Calibrated,
    ) -> None:
        self._store = store
        self._reader = reader
        self._kinds = kinds
        self._counts = counts
        self._rerank = rerank
        self._calibrated = calibrated

    async def similar_to_image(self, data: bytes, query: Query, crop: CropBox | None = None) -> Answer:
        where = await self._asked_for(query)
        picture = await self._reader.read_query(data, crop)
        answer = await self._answer(Ranking(self._store, [picture.vector]), where, query)
        return replace(answer, timings_s=_timings([picture]) | answer.timings_s)

    async def similar_to_product(self, product_id: str, query: Query) -> Answer:
        vector = await self._vector(product_id)
        where = await self._asked_for(query, [product_id])
        return await self._answer(Ranking(self._store, [vector]), where, query)

    async def recommend(self, liked: Sequence[Example], disliked: Sequence[Example], query: Query) -> Answer:
        where = await self._asked_for(query, [one for one in [*liked, *disliked] if isinstance(one, str)])
        pictures: list[QueryPicture] = []

        async def vector(example: Example) -> Vector:
            if isinstance(example, str):
                return await self._vector(example)
            async with example.opened() as data:
                picture = await self._reader.read_query(data, example.crop)
            pictures.append(picture)
            return picture.vector

        vectors = await all_done(map(vector, [*liked, *disliked]))
        ranking = Ranking(self._store, vectors[: len(liked)], vectors[len(liked) :])
        answer = await self._answer(ranking, where, query)
        return replace(answer, timings_s=_timings(pictures) | answer.timings_s)

    async def where(self, category: str | None, filter_: Mapping[str, Any] | None) -> Filter | None:
        inside = None if category is None else Equals("categories", _spelled(category))
        return all_of([inside, await attribute_filter(filter_, self._kinds)])

    async def check_known(self, category: str) -> None:
        """Asked only when nothing was found: a search that finds something needs no second question."""
        if not (await self._store.scroll(where=Equals("categories", category), limit=1)).points:
            known = await self._counts.by_category.get()
            near = await asyncio.to_thread(categories.suggestions, category, known)
            raise UnknownCategory(category, near)

    async def _asked_for(self, query: Query, itself: Sequence[str] = ()) -> Filter | None:
        """All but the category, which the neighbours may have to tell."""
        if query.category is not None:
            _spelled(query.category)  # refused now, rather than after an image was embedded for it
        if query.min_match != "weak" and self._calibrated() is None:
            raise NotCalibrated
        left_out = tuple(dict.fromkeys([*query.exclude, *itself]))
        others = Not(OneOf("product_id", left_out)) if left_out else None
        return all_of([others, await attribute_filter(query.filter, self._kinds)])

    async def _answer(self, ranking: Ranking, where: Filter | None, query: Query) -> Answer:
        started = time.perf_counter()
        place = await self._place(ranking, where, query)
        inside = None if place.category is None else Equals("categories", place.category)
        rerank = query.rerank or self._rerank
        matches = await self._matches(ranking, all_of([inside, where]), query, rerank)
        if not matches and place.category is not None:
            await self.check_known(place.category)
        timings_s = {"search": time.perf_counter() - started}
        return Answer(matches[query.offset :][: query.limit], place, rerank, timings_s)

    async def _matches(
        self, ranking: Ranking, where: Filter | None, query: Query, rerank: Rerank
    ) -> list[Match]:
        wanted, rearranged = query.offset + query.limit, query.diversity > 0 or rerank != "none"
        judge = Judge(self._calibrated(), ranking.liked, query.min_match)
        if judge.lets_none_pass:
            return []
        matches = await best_per_product(
            lambda limit: ranking.nearest(where, limit, judge.min_score(query.min_score)),
            max(wanted, CANDIDATES) if rearranged else wanted,
            judge.passes if query.min_match != "weak" else None,
        )
        if rearranged:
            matches = await ranking.rearranged(matches, rerank, query.diversity)
        return list(map(judge.judged, matches))

    async def _place(self, ranking: Ranking, where: Filter | None, query: Query) -> Place:
        if query.category is None:
            return Place(None, "nobody")
        if query.category != AUTO:
            return Place(_spelled(query.category), "given")
        neighbours = await best_per_product(lambda limit: ranking.nearest(where, limit), VOTERS)
        vote = elected([neighbour.product.category for neighbour in neighbours])
        return Place(vote.category, "undecided" if vote.category is None else "predicted", vote.share)

    async def _vector(self, product_id: str) -> Vector:
        """Of the image that stands for it."""
        points = await points_of(self._store, product_id, with_vectors=True)
        first = min(points, key=lambda point: point.payload["position"])
        assert first.vector is not None  # noqa: S101 - asked for
        return first.vector


def _timings(pictures: Sequence[QueryPicture]) -> dict[str, float]:
    """Of several pictures that were read at once, those of the one that took longest."""
    if not pictures:
        return {}
    return {
        "decode": max(picture.decode_s for picture in pictures),
        "embed": max(picture.embed_s for picture in pictures),
    }


def _spelled(category: str) -> str:
    try:
        return categories.normalised(category)
    except InvalidProduct as error:
        raise UnknownCategory(category[:200], []) from error
