"""The embedded store: one generation's shard, asked through its process."""

from collections.abc import Sequence

from migrations.operations import FieldKind
from service.store import checks
from service.store.base import Generation, Hit, Page, Payload, Point, Search, Vector
from service.store.edge_engine import Row, ScoredRow
from service.store.edge_requests import Asked, Diverse, Liked, Near
from service.store.edge_shard import Shard
from service.store.filters import Filter
from service.store.scores import engine_threshold, likeness_to_nearest, score_and_distance


class EdgeStore:
    def __init__(self, shard: Shard, generation: Generation) -> None:
        self.generation = generation
        self._shard = shard
        self._dim = generation.identity.dim
        self._distance = generation.identity.distance

    async def load(self) -> None:
        """Opens the shard now, so that a damaged or occupied one is told at start, not by the first query."""
        await self._shard.open()

    async def upsert(self, points: Sequence[Point]) -> None:
        if points:
            ids, vectors, payloads = checks.checked_points(points, self._dim)
            await self._shard.write("upsert", ids=ids, vectors=vectors, payloads=payloads)

    async def delete(self, ids: Sequence[str]) -> None:
        if ids:
            await self._shard.write("delete", ids=checks.checked_ids(ids))

    async def delete_where(self, where: Filter) -> None:
        checks.check_filter(where)
        await self._shard.write("delete_where", where=where)

    async def overwrite_payload(self, point_id: str, payload: Payload) -> None:
        checks.check_payload(payload)
        await self._shard.write("overwrite_payload", ids=checks.checked_ids([point_id]), payload=payload)

    async def set_payload(self, ids: Sequence[str], payload: Payload) -> None:
        checks.check_payload(payload)
        if ids:
            await self._shard.write("set_payload", ids=checks.checked_ids(ids), payload=payload)

    async def retrieve(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Point]:
        rows: list[Row] = await self._shard.ask(
            "retrieve", ids=checks.checked_ids(ids), with_vectors=with_vectors
        )
        return [Point(*row) for row in rows]

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
        if not searches:
            return []
        answers = await self._ask([self._nearest(search) for search in searches])
        return [[self._hit(*row) for row in rows] for rows in answers]

    def _nearest(self, search: Search) -> Asked:
        checks.check_limit(search.limit, search.offset)
        checks.check_filter(search.where)
        return Asked(
            Near(checks.checked_vector(search.vector, self._dim)),
            search.where,
            search.limit,
            search.offset,
            engine_threshold(search.min_score, self._distance),
            search.exact,
        )

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
        checks.check_filter(where)
        liked = Liked(*checks.checked_examples(positive, negative, self._dim))
        return await self._by_likeness(
            Asked(liked, where, limit, offset, exact=exact, with_vectors=True), liked.positive
        )

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
        checks.check_filter(where)
        candidates = checks.checked_candidates(diversity, candidates, limit)
        wanted = Diverse(checks.checked_vector(vector, self._dim), diversity, candidates)
        return await self._by_likeness(
            Asked(wanted, where, limit, exact=exact, with_vectors=True), [wanted.vector]
        )

    async def _by_likeness(self, asked: Asked, wanted: Sequence[Vector]) -> list[Hit]:
        """In the engine's order, with scores that mean what they mean everywhere else."""
        (rows,) = await self._ask([asked])
        return [
            Hit(id_, *likeness_to_nearest(vector, wanted, self._distance), payload)
            for id_, _, payload, vector in rows
            if vector is not None
        ]

    async def _ask(self, requests: list[Asked]) -> list[list[ScoredRow]]:
        answers: list[list[ScoredRow]] = await self._shard.ask("query", requests=requests)
        return answers

    def _hit(self, id_: str, value: float, payload: Payload, _: Vector | None) -> Hit:
        return Hit(id_, *score_and_distance(value, self._distance), payload)

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
        rows, following = await self._shard.ask(
            "scroll", where=where, limit=limit, cursor=cursor, with_vectors=with_vectors
        )
        return Page([Point(*row) for row in rows], following)

    async def count(self, where: Filter | None = None, *, exact: bool = True) -> int:  # noqa: ARG002 - it always is
        checks.check_filter(where)
        return int(await self._shard.ask("count", where=where))

    async def facet(
        self,
        field: str,
        *,
        where: Filter | None = None,
        limit: int = 100,
        exact: bool = True,  # noqa: ARG002 - it always is
    ) -> dict[str, int]:
        checks.check_limit(limit)
        checks.check_filter(where)
        counts: dict[str, int] = await self._shard.ask("facet", field=field, where=where, limit=limit)
        return counts

    async def ensure_index(self, field: str, kind: FieldKind) -> None:
        await self._shard.write("create_index", field=field, kind=kind, tenant=False)

    async def indexes(self) -> dict[str, FieldKind]:
        kinds: dict[str, FieldKind] = await self._shard.ask("indexes")
        return kinds

    async def settle(self) -> None:
        await self._shard.settle()
