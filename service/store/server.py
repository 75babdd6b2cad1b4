"""The server store: one generation's collection on a Qdrant server or cluster."""

from collections.abc import Sequence

import numpy as np
from qdrant_client import AsyncQdrantClient, models

from migrations.operations import FieldKind
from service.store import checks
from service.store.base import Generation, Hit, Page, Payload, Point, Vector
from service.store.filters import Filter
from service.store.scores import engine_threshold, score_and_distance
from service.store.server_calls import translated_errors
from service.store.server_filters import server_filter
from service.store.server_schema import ServerSchema


class ServerStore:
    """Bound to the collection, never to the alias: this embedder's vectors fit this generation alone."""

    def __init__(self, client: AsyncQdrantClient, generation: Generation, timeout_s: float) -> None:
        self.generation = generation
        self._client = client
        self._schema = ServerSchema(client, generation, timeout_s)
        self._collection = generation.name
        self._timeout_s = timeout_s
        self._dim = generation.identity.dim
        self._distance = generation.identity.distance

    async def load(self) -> None:
        """The server has it loaded; asking once tells at start whether it answers."""
        await self.count()

    async def upsert(self, points: Sequence[Point]) -> None:
        if not points:
            return
        ids, vectors, payloads = checks.checked_points(points, self._dim)
        batch = models.Batch(ids=list(ids), vectors=vectors.tolist(), payloads=payloads)
        async with translated_errors(self._timeout_s):
            await self._client.upsert(self._collection, batch, wait=True)

    async def delete(self, ids: Sequence[str]) -> None:
        if ids:
            selector = models.PointIdsList(points=list(checks.checked_ids(ids)))
            async with translated_errors(self._timeout_s):
                await self._client.delete(self._collection, selector, wait=True)

    async def overwrite_payload(self, point_id: str, payload: Payload) -> None:
        checks.check_payload(payload)
        points = models.PointIdsList(points=list(checks.checked_ids([point_id])))
        async with translated_errors(self._timeout_s):
            await self._client.overwrite_payload(self._collection, payload, points, wait=True)

    async def retrieve(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Point]:
        async with translated_errors(self._timeout_s):
            records = await self._client.retrieve(
                self._collection, checks.checked_ids(ids), with_payload=True, with_vectors=with_vectors
            )
        return [_point(record) for record in records]

    async def query(
        self,
        vector: Vector,
        *,
        where: Filter | None = None,
        limit: int = 10,
        offset: int = 0,
        min_score: float | None = None,
        exact: bool = False,
    ) -> list[Hit]:
        checks.check_limit(limit, offset)
        checks.check_filter(where)
        asked = checks.checked_vector(vector, self._dim).tolist()
        async with translated_errors(self._timeout_s):
            answer = await self._client.query_points(
                self._collection,
                query=asked,
                query_filter=server_filter(where),
                limit=limit,
                offset=offset,
                score_threshold=engine_threshold(min_score, self._distance),
                search_params=models.SearchParams(exact=True) if exact else None,
                with_payload=True,
            )
        return [
            Hit(str(hit.id), *score_and_distance(hit.score, self._distance), hit.payload or {})
            for hit in answer.points
        ]

    async def scroll(
        self,
        *,
        where: Filter | None = None,
        limit: int = 100,
        cursor: str | None = None,
        with_vectors: bool = False,
    ) -> Page:
        checks.check_limit(limit)
        checks.check_filter(where)
        async with translated_errors(self._timeout_s):
            records, following = await self._client.scroll(
                self._collection,
                scroll_filter=server_filter(where),
                limit=limit,
                offset=cursor,
                with_payload=True,
                with_vectors=with_vectors,
            )
        return Page([_point(record) for record in records], None if following is None else str(following))

    async def count(self, where: Filter | None = None) -> int:
        checks.check_filter(where)
        async with translated_errors(self._timeout_s):
            answer = await self._client.count(self._collection, count_filter=server_filter(where), exact=True)
        return answer.count

    async def facet(self, field: str, *, where: Filter | None = None, limit: int = 100) -> dict[str, int]:
        checks.check_limit(limit)
        checks.check_filter(where)
        async with translated_errors(self._timeout_s):
            answer = await self._client.facet(
                self._collection, field, facet_filter=server_filter(where), limit=limit, exact=True
            )
        return {str(hit.value): hit.count for hit in answer.hits}

    async def ensure_index(self, field: str, kind: FieldKind) -> None:
        await self._schema.create_index(field, kind)

    async def indexes(self) -> dict[str, FieldKind]:
        return await self._schema.indexes()


def _point(record: models.Record) -> Point:
    vector = None if record.vector is None else np.asarray(record.vector, dtype=np.float32)
    return Point(str(record.id), record.payload or {}, vector)
