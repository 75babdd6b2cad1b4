"""The server store: one generation's collection on a Qdrant server or cluster."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

import numpy as np
from qdrant_client import AsyncQdrantClient, models

from migrations.operations import FieldKind
from service.store import checks
from service.store import server_requests as requests
from service.store.base import Generation, Hit, Page, Payload, Point, Search, Vector
from service.store.errors import StoreTimedOut
from service.store.filters import Filter
from service.store.scores import likeness_to_nearest, score_and_distance
from service.store.server_filters import server_filter
from service.store.server_freezing import BELIEVED_S, Thaw
from service.store.server_options import ServerOptions
from service.store.server_retries import deadline, read, write
from service.store.server_schema import ServerSchema
from service.store.server_settling import settled

T = TypeVar("T")

# To count exactly Qdrant lists the points, and for a facet those of each value.
_ESTIMATED_FROM = 1_000_000


class ServerStore:
    """Bound to the collection, never to the alias: this embedder's vectors fit this generation alone."""

    def __init__(
        self,
        client: AsyncQdrantClient,
        generation: Generation,
        timeout_s: float,
        *,
        is_live: Callable[[], Awaitable[bool]],
        options: ServerOptions | None = None,
        believed_s: float = BELIEVED_S,
    ) -> None:
        self.generation = generation
        self._client = client
        self._options = options or ServerOptions()
        self._ordering = self._options.ordering()
        self._schema = ServerSchema(client, generation, timeout_s, self._options)
        self._thaw = Thaw(self._schema.metadata, is_live, believed_s)
        self._collection = generation.name
        self._timeout_s = timeout_s
        self._dim = generation.identity.dim
        self._distance = generation.identity.distance

    async def load(self) -> None:
        """The server has it loaded; asking once tells at start whether it answers."""
        await self._schema.metadata()

    # Writes

    async def upsert(self, points: Sequence[Point]) -> None:
        if not points:
            return
        ids, vectors, payloads = checks.checked_points(points, self._dim)
        batch = models.Batch(ids=list(ids), vectors=vectors.tolist(), payloads=payloads)
        await self._write(
            lambda: self._client.upsert(self._collection, batch, wait=True, ordering=self._ordering)
        )

    async def delete(self, ids: Sequence[str]) -> None:
        if ids:
            await self._delete(models.PointIdsList(points=list(checks.checked_ids(ids))))

    async def delete_where(self, where: Filter) -> None:
        checks.check_filter(where)
        await self._delete(requests.everything_that(where))

    async def _delete(self, selector: models.PointsSelector) -> None:
        await self._write(
            lambda: self._client.delete(self._collection, selector, wait=True, ordering=self._ordering)
        )

    async def overwrite_payload(self, point_id: str, payload: Payload) -> None:
        checks.check_payload(payload)
        there = requests.whichever_is_there(checks.checked_ids([point_id]))
        await self._write(
            lambda: self._client.overwrite_payload(
                self._collection, payload, there, wait=True, ordering=self._ordering
            )
        )

    async def set_payload(self, ids: Sequence[str], payload: Payload) -> None:
        checks.check_payload(payload)
        if ids:
            there = requests.whichever_is_there(checks.checked_ids(ids))
            await self._write(
                lambda: self._client.set_payload(
                    self._collection, payload, there, wait=True, ordering=self._ordering
                )
            )

    async def _write(self, send: Callable[[], Awaitable[models.UpdateResult]]) -> None:
        # The look at the flag and the write share one deadline: whoever freezes counts on it.
        async with deadline(self._timeout_s):
            await self._thaw.check()
            result = await write(self._timeout_s, send)
        if result.status is models.UpdateStatus.WAIT_TIMEOUT:
            raise StoreTimedOut("Qdrant took the write and did not get to it in time.")

    # Reads

    async def _read(self, ask: Callable[[], Awaitable[T]]) -> T:
        return await read(self._timeout_s, ask)

    async def retrieve(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Point]:
        wanted = checks.checked_ids(ids)
        records = await self._read(
            lambda: self._client.retrieve(
                self._collection, wanted, with_payload=True, with_vectors=with_vectors
            )
        )
        # Several shards answer in any order.
        found = {str(record.id): record for record in records}
        asked = dict.fromkeys(str(UUID(id_)) for id_ in wanted)
        return [requests.point(found[id_]) for id_ in asked if id_ in found]

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
        (hits,) = await self.query_batch([Search(vector, where, limit, offset, min_score, exact)])
        return hits

    async def query_batch(self, searches: Sequence[Search]) -> list[list[Hit]]:
        asked = [requests.near(search, self.generation.identity, self._options) for search in searches]
        if not asked:
            return []
        answers = await self._read(lambda: self._client.query_batch_points(self._collection, asked))
        return [
            [
                Hit(str(hit.id), *score_and_distance(hit.score, self._distance), hit.payload or {})
                for hit in answer.points
            ]
            for answer in answers
        ]

    async def recommend(
        self,
        positive: Sequence[Vector],
        negative: Sequence[Vector] = (),
        *,
        where: Filter | None = None,
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
    ) -> list[Hit]:
        checks.check_limit(limit, offset)
        liked, disliked = checks.checked_examples(positive, negative, self._dim)
        query = requests.recommended(liked, disliked)
        return await self._likened(query, liked, where=where, limit=limit, offset=offset, exact=exact)

    async def diverse(
        self,
        vector: Vector,
        *,
        diversity: float = 0.5,
        candidates: int = 100,
        where: Filter | None = None,
        limit: int = 10,
        exact: bool = False,
    ) -> list[Hit]:
        checks.check_limit(limit)
        among = checks.checked_candidates(diversity, candidates, limit)
        asked = checks.checked_vector(vector, self._dim)
        query = requests.diverse(asked, diversity, among)
        return await self._likened(query, [asked], where=where, limit=limit, offset=0, exact=exact)

    async def _likened(
        self,
        query: models.Query,
        examples: Sequence[Vector],
        *,
        where: Filter | None,
        limit: int,
        offset: int,
        exact: bool,
    ) -> list[Hit]:
        """In the engine's order, but with scores of our own: the engine's are of another scale here."""
        checks.check_filter(where)
        answer = await self._read(
            lambda: self._client.query_points(
                self._collection,
                query=query,
                query_filter=server_filter(where),
                limit=limit,
                offset=offset,
                search_params=self._options.of_search(exact=exact),
                with_payload=True,
                with_vectors=True,
            )
        )
        return [
            Hit(
                str(hit.id),
                *likeness_to_nearest(np.asarray(hit.vector, np.float32), examples, self._distance),
                hit.payload or {},
            )
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
        records, following = await self._read(
            lambda: self._client.scroll(
                self._collection,
                scroll_filter=server_filter(where),
                limit=limit,
                offset=cursor,
                with_payload=True,
                with_vectors=with_vectors,
            )
        )
        return Page(
            [requests.point(record) for record in records], None if following is None else str(following)
        )

    async def count(self, where: Filter | None = None, *, exact: bool = True) -> int:
        checks.check_filter(where)
        exactly = exact or await self._is_soon_counted()
        answer = await self._read(
            lambda: self._client.count(self._collection, count_filter=server_filter(where), exact=exactly)
        )
        return answer.count

    async def _is_soon_counted(self) -> bool:
        about = await self._read(lambda: self._client.count(self._collection, exact=False))
        return about.count < _ESTIMATED_FROM

    async def facet(
        self, field: str, *, where: Filter | None = None, limit: int = 100, exact: bool = True
    ) -> dict[str, int]:
        checks.check_limit(limit)
        checks.check_filter(where)
        exactly = exact or await self._is_soon_counted()
        answer = await self._read(
            lambda: self._client.facet(
                self._collection, field, facet_filter=server_filter(where), limit=limit, exact=exactly
            )
        )
        return {str(hit.value): hit.count for hit in answer.hits}

    async def ensure_index(self, field: str, kind: FieldKind) -> None:
        await self._schema.create_index(field, kind)

    async def indexes(self) -> dict[str, FieldKind]:
        return await self._schema.indexes()

    async def settle(self) -> None:
        await settled(
            self._collection, lambda: self._read(lambda: self._client.get_collection(self._collection))
        )
