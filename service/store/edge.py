"""The embedded store: one generation's shard, asked through the child process."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from migrations.operations import FieldKind
from service.store import checks
from service.store.base import Generation, Hit, Page, Payload, Point, Vector
from service.store.edge_process import EdgeProcess
from service.store.errors import StoreBusy, StoreDamaged, StoreRefused
from service.store.filters import Filter
from service.store.scores import engine_threshold, score_and_distance

# A child whose parent was killed may hold the shard for as long as its last call takes.
_ORPHAN_PATIENCE_S = 15.0
_ORPHAN_PAUSE_S = 0.1


class EdgeStore:
    def __init__(self, process: EdgeProcess, generation: Generation, shard: Path) -> None:
        self.generation = generation
        self._process = process
        self._shard = str(shard)
        self._dim = generation.identity.dim
        self._distance = generation.identity.distance

    async def load(self) -> None:
        """Opens the shard now, so that a damaged or occupied one is told at start, not by the first query."""
        tries = int(_ORPHAN_PATIENCE_S / _ORPHAN_PAUSE_S)
        for attempt in range(tries):
            try:
                await self._call("count", where=None)
            except StoreBusy:
                if attempt == tries - 1:
                    raise
                await asyncio.sleep(_ORPHAN_PAUSE_S)
            except StoreRefused as error:
                raise StoreDamaged(
                    f"The store at {self._shard} cannot be read: {error}. Restore it from a backup."
                ) from error
            else:
                return

    async def _call(self, operation: str, **arguments: Any) -> Any:
        return await self._process.call(operation, path=self._shard, **arguments)

    async def upsert(self, points: Sequence[Point]) -> None:
        if points:
            ids, vectors, payloads = checks.checked_points(points, self._dim)
            await self._call("upsert", ids=ids, vectors=vectors, payloads=payloads)

    async def delete(self, ids: Sequence[str]) -> None:
        if ids:
            await self._call("delete", ids=checks.checked_ids(ids))

    async def overwrite_payload(self, point_id: str, payload: Payload) -> None:
        checks.checked_ids([point_id])
        checks.check_payload(payload)
        await self._call("overwrite_payload", point_id=point_id, payload=payload)

    async def retrieve(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Point]:
        rows = await self._call("retrieve", ids=checks.checked_ids(ids), with_vectors=with_vectors)
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
        checks.check_limit(limit, offset)
        checks.check_filter(where)
        rows = await self._call(
            "query",
            vector=checks.checked_vector(vector, self._dim),
            where=where,
            limit=limit,
            offset=offset,
            threshold=engine_threshold(min_score, self._distance),
            exact=exact,
        )
        return [Hit(id_, *score_and_distance(value, self._distance), payload) for id_, value, payload in rows]

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
        rows, following = await self._call(
            "scroll", where=where, limit=limit, cursor=cursor, with_vectors=with_vectors
        )
        return Page([Point(*row) for row in rows], following)

    async def count(self, where: Filter | None = None) -> int:
        checks.check_filter(where)
        return int(await self._call("count", where=where))

    async def facet(self, field: str, *, where: Filter | None = None, limit: int = 100) -> dict[str, int]:
        checks.check_limit(limit)
        checks.check_filter(where)
        counts: dict[str, int] = await self._call("facet", field=field, where=where, limit=limit)
        return counts

    async def ensure_index(self, field: str, kind: FieldKind) -> None:
        await self._call("create_index", field=field, kind=kind, tenant=False)

    async def indexes(self) -> dict[str, FieldKind]:
        kinds: dict[str, FieldKind] = await self._call("indexes")
        return kinds
