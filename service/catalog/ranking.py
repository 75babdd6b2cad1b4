"""The nearest images first, to one vector, or to several and away from others; and the nearest in another order."""

import asyncio
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.catalog.diversity import diverse_order, given_by_place, relevance, set_back
from service.catalog.products import Match, point_id
from service.catalog.reranking.methods import Rerank, reranked
from service.store.base import Hit, Vector, VectorStore
from service.store.filters import Filter

CANDIDATES = 200
"""Of so many products the order is made anew, always the same ones: so the pages of one answer follow each other."""


class Ranking:
    def __init__(self, store: VectorStore, liked: Sequence[Vector], disliked: Sequence[Vector] = ()) -> None:
        self._store = store
        self.liked = liked
        self._disliked = disliked

    async def nearest(self, where: Filter | None, limit: int, min_score: float | None = None) -> list[Hit]:
        if len(self.liked) > 1 or self._disliked:
            hits = await self._store.recommend(self.liked, self._disliked, where=where, limit=limit)
            return [hit for hit in hits if min_score is None or hit.score >= min_score]
        return await self._store.query(self.liked[0], where=where, limit=limit, min_score=min_score)

    async def rearranged(self, matches: list[Match], rerank: Rerank, diversity: float) -> list[Match]:
        """The nearest of them in another order; whoever was deleted a moment ago is left out."""
        near, far = matches[:CANDIDATES], matches[CANDIDATES:]
        by_id = {point_id(match.product.id, match.image): match for match in near}
        points = await self._store.retrieve(list(by_id), with_vectors=True)
        vectors = {point.id: point.vector for point in points if point.vector is not None}
        there = [id_ for id_ in by_id if id_ in vectors]
        if not there:
            return far
        order = await asyncio.to_thread(
            self._order, np.stack([vectors[id_] for id_ in there]), rerank, diversity
        )
        return [by_id[there[index]] for index in order] + far

    def _order(self, vectors: NDArray[np.float32], rerank: Rerank, diversity: float) -> list[int]:
        metric = self._store.generation.identity.distance
        examples = (vectors, self.liked, self._disliked, metric)
        if rerank == "none":
            return diverse_order(vectors, relevance(*examples), diversity, metric)
        _, scores = reranked(rerank, self.liked, vectors, metric)
        order = np.argsort(-set_back(scores, *examples), kind="stable")
        if not diversity:
            return list(map(int, order))
        return diverse_order(vectors, given_by_place(relevance(*examples), order), diversity, metric)
