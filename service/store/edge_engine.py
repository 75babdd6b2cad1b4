"""One shard of Qdrant Edge as the child process holds it, with what Edge lacks.

shard-000001/
  lock        held by the process that has it open
  edge/       Edge's own files
  ledger      what it holds (edge_ledger.py)
  seal.json   checksums of edge/, there only while nobody has it open, if it was closed in good order

Every write is flushed before it is answered: Edge itself would lose it in a power cut.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import qdrant_edge as qe

from migrations.operations import FieldKind
from service.store import graph
from service.store.base import Distance, Payload, Vector
from service.store.edge_filters import edge_filter
from service.store.edge_ledger import Contents, Ledger
from service.store.edge_requests import Asked, buffer, edge_request
from service.store.errors import StoreBusy, StoreDamaged, StoreFull, StoreNotFound
from service.store.files import lock_within, sync, sync_tree
from service.store.filters import Filter
from service.store.seal import seal, verify

Row: TypeAlias = tuple[str, Payload, Vector | None]
ScoredRow: TypeAlias = tuple[str, float, Payload, Vector | None]

_KINDS: dict[str, FieldKind] = {"Keyword": "keyword", "Float": "number", "Bool": "bool"}
_PAGE = 10_000
# A child whose parent was killed holds the shard until its last call is done.
_ORPHAN_PATIENCE_S = 15.0
# Edge sets aside files of 32 MB at a time, and a deletion needs its log.
_ROOM_TO_DELETE = 64_000_000


class Engine:
    def __init__(self, folder: Path, reserve_bytes: int) -> None:
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._touched: set[str] | None = None
        self._lock = _locked(folder)
        edge = folder / "edge"
        if not edge.exists():
            raise StoreDamaged(f"{edge} is missing. Restore it from a backup.")
        if (sealed := folder / "seal.json").exists():
            verify(edge, sealed)
            sealed.unlink()
            sync(folder)  # or a power cut might bring it back beside what was written since
        self._shard = _load(edge)
        self._ledger = Ledger.open(folder / "ledger", self._found())

    def close(self, *, sealed: bool) -> None:
        """Sealing reads all there is."""
        self._shard.flush()
        self._shard.close()
        self._ledger.close()
        if sealed:
            sync_tree(self._folder / "edge")
            seal(self._folder / "edge", self._folder / "seal.json")
        os.close(self._lock)

    # What the parent may ask

    def state(self) -> tuple[Contents, int]:
        """What it holds, and how many points no index knows."""
        return self._ledger.contents, self._unindexed()

    def flush(self) -> None:
        self._shard.flush()

    def create_index(self, field: str, kind: FieldKind, tenant: bool) -> None:
        params: dict[FieldKind, qe.KeywordIndexParams | qe.FloatIndexParams | qe.BoolIndexParams] = {
            "keyword": qe.KeywordIndexParams(is_tenant=tenant or None),
            "number": qe.FloatIndexParams(),
            "bool": qe.BoolIndexParams(),
        }
        self._check_room(0)
        self._write(qe.UpdateOperation.create_field_index(field, params[kind]))

    def indexes(self) -> dict[str, FieldKind]:
        schema = self._shard.info().payload_schema
        return {field: _KINDS[str(info.data_type).rpartition(".")[2]] for field, info in schema.items()}

    def upsert(self, ids: list[str], vectors: Vector, payloads: list[Payload]) -> tuple[int, int]:
        """How many points there are after it, and how many that no index knows."""
        self._check_room(2 * vectors.nbytes)
        points = [
            qe.Point(id=id_, vector=buffer(vector), payload=payload)
            for id_, vector, payload in zip(ids, vectors, payloads, strict=True)
        ]
        self._write(
            qe.UpdateOperation.upsert_points(points), touched=ids, added=set(ids) - self._present(ids)
        )
        return self._ledger.contents.count, self._unindexed()

    def delete(self, ids: list[str]) -> None:
        self._check_room(0, _ROOM_TO_DELETE)
        self._delete(self._present(ids))

    def delete_where(self, where: Filter) -> None:
        self._check_room(0, _ROOM_TO_DELETE)
        self._delete(set(self._ids(where)))

    def _delete(self, present: set[str]) -> None:
        if present:
            operation = qe.UpdateOperation.delete_points(list[Any](present))
            self._write(operation, touched=present, removed=present)

    def overwrite_payload(self, ids: list[str], payload: Payload) -> None:
        self._change(qe.UpdateOperation.overwrite_payload, ids, payload)

    def set_payload(self, ids: list[str], payload: Payload) -> None:
        self._change(qe.UpdateOperation.set_payload, ids, payload)

    def _change(self, operation: Any, ids: list[str], payload: Payload) -> None:
        """Edge fails at an id that is not there, and goes on with the others: it is told of none."""
        self._check_room(0)
        if present := self._present(ids):
            self._write(operation(list(present), payload), touched=present)

    def retrieve(self, ids: list[str], with_vectors: bool) -> list[Row]:
        return [_row(record) for record in self._shard.retrieve(ids, True, with_vectors)]

    def query(self, requests: list[Asked]) -> list[list[ScoredRow]]:
        batch = qe.QueryBatchRequest([edge_request(asked) for asked in requests])
        return [[_scored(hit) for hit in hits] for hits in self._shard.query_batch(batch)]

    def scroll(
        self, where: Filter | None, limit: int, cursor: str | None, with_vectors: bool
    ) -> tuple[list[Row], str | None]:
        request = qe.ScrollRequest(
            limit=limit, offset=cursor, filter=edge_filter(where), with_payload=True, with_vector=with_vectors
        )
        records, following = self._shard.scroll(request)
        return [_row(record) for record in records], None if following is None else str(following)

    def count(self, where: Filter | None) -> int:
        if where is None:
            return self._ledger.contents.count
        return int(self._shard.count(qe.CountRequest(filter=edge_filter(where), exact=True)))

    def facet(self, field: str, where: Filter | None, limit: int) -> dict[str, int]:
        request = qe.FacetRequest(field, limit=limit, exact=True, filter=edge_filter(where))
        # Edge goes on naming values that no point has any more.
        return {str(hit.value): hit.count for hit in self._shard.facet(request).hits if hit.count}

    def watch(self) -> None:
        """From now on it is remembered which points change."""
        self._touched = set()

    def unwatch(self) -> None:
        self._touched = None

    def touched(self) -> list[str]:
        """The points changed since this was last asked."""
        if self._touched is None:  # this process is another than the one that was told to watch
            raise StoreNotFound("Nobody has been watching this shard.")
        touched, self._touched = self._touched, set()
        return list(touched)

    # What only this class does

    def _write(
        self,
        operation: Any,
        *,
        touched: Iterable[str] = (),
        added: Iterable[str] = (),
        removed: Iterable[str] = (),
    ) -> None:
        if self._touched is not None:
            self._touched.update(touched)
        try:
            with self._ledger.entry(added=added, removed=removed):
                self._shard.update(operation)
                self._shard.flush()
        except Exception:
            self._ledger.settle(self._found())
            raise

    def _check_room(self, bytes_: int, reserve_bytes: int | None = None) -> None:
        """A full disk is no error to Edge but a SIGBUS: it must not come to that."""
        disk = os.statvfs(self._folder)
        reserve = self._reserve_bytes if reserve_bytes is None else min(self._reserve_bytes, reserve_bytes)
        if disk.f_bavail * disk.f_frsize < reserve + bytes_:
            raise StoreFull(
                f"Less than {reserve / 1e6:,.0f} MB are free where {self._folder} lies, which is kept in reserve."
            )

    def _present(self, ids: list[str]) -> set[str]:
        return {str(record.id) for record in self._shard.retrieve(ids, False, False)}

    def _ids(self, where: Filter | None) -> Iterable[str]:
        cursor: Any = None
        while True:
            request = qe.ScrollRequest(
                limit=_PAGE, offset=cursor, filter=edge_filter(where), with_payload=False, with_vector=False
            )
            records, cursor = self._shard.scroll(request)
            yield from (str(record.id) for record in records)
            if cursor is None:
                return

    def _found(self) -> Contents:
        return Contents().changed(added=self._ids(None))

    def _unindexed(self) -> int:
        info = self._shard.info()
        return int(info.points_count - info.indexed_vectors_count)


def create(folder: Path, dim: int, distance: Distance, quantized: bool) -> None:
    """Made under another name first, so that a directory called `folder` always holds a whole shard."""
    making = folder.with_name(f"{folder.name}.making")
    if making.exists():
        shutil.rmtree(making)
    (making / "edge").mkdir(parents=True)
    quantization = qe.ScalarQuantizationConfig(qe.ScalarType.Int8, always_ram=True) if quantized else None
    distances = {"cosine": qe.Distance.Cosine, "euclid": qe.Distance.Euclid}
    vectors = qe.EdgeVectorParams(size=dim, distance=distances[distance], quantization_config=quantization)
    # When an index is worth its time is decided in edge_indexing.py: once Edge is asked for one, it makes it.
    at_once = qe.EdgeOptimizersConfig(indexing_threshold=1)
    wide = qe.HnswIndexConfig(graph.LINKS, graph.MAKING_CANDIDATES, graph.EXACT_BELOW)
    config = qe.EdgeConfig(vectors=vectors, hnsw_config=wide, optimizers=at_once)
    shard = qe.EdgeShard.create(str(making / "edge"), config)
    shard.flush()
    shard.close()
    Ledger.create(making / "ledger")
    sync_tree(making)
    making.rename(folder)
    sync(folder.parent)


def _locked(folder: Path) -> int:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        lock_within(descriptor, _ORPHAN_PATIENCE_S)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreBusy(f"{folder} is still open in another process.") from error
    return descriptor


def _load(edge: Path) -> Any:
    try:
        return qe.EdgeShard.load(str(edge))
    except BaseException as error:  # a panic is no Exception
        raise StoreDamaged(f"{edge} cannot be read: {error}. Restore it from a backup.") from error


def _row(record: Any) -> Row:
    return str(record.id), record.payload or {}, _vector(record)


def _scored(hit: Any) -> ScoredRow:
    return str(hit.id), hit.score, hit.payload or {}, _vector(hit)


def _vector(record: Any) -> Vector | None:
    return None if record.vector is None else np.asarray(record.vector, dtype=np.float32)
