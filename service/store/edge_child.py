"""`python -m service.store.edge_child`: the process that owns Edge's shards; frames on stdin and stdout.

A process of its own because the binding holds the GIL through every call, and because a full disk or a panic
takes the whole process with it. It ends when its parent does: the pipe closes.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import qdrant_edge as qe

from migrations.operations import FieldKind
from service.store import frames
from service.store.base import Distance, Payload, Vector
from service.store.edge_filters import edge_filter
from service.store.filters import Filter

_DISTANCES = {"cosine": qe.Distance.Cosine, "euclid": qe.Distance.Euclid}
_KINDS: dict[str, FieldKind] = {"Keyword": "keyword", "Float": "number", "Bool": "bool"}


class Shards:
    """What the parent may ask. Every write is flushed before it is answered."""

    def __init__(self) -> None:
        self._open: dict[str, Any] = {}

    def _shard(self, path: str) -> Any:
        if path not in self._open:
            self._open[path] = qe.EdgeShard.load(path)
        return self._open[path]

    def _write(self, path: str, operation: Any) -> None:
        shard = self._shard(path)
        shard.update(operation)
        shard.flush()

    def create(self, path: str, dim: int, distance: Distance) -> None:
        """Made under another name first, so that a directory called `path` is always a whole shard."""
        if Path(path).exists():
            return
        making = Path(f"{path}.making")
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(parents=True)
        vectors = qe.EdgeVectorParams(size=dim, distance=_DISTANCES[distance])
        shard = qe.EdgeShard.create(str(making), qe.EdgeConfig(vectors=vectors))
        shard.flush()
        shard.close()
        making.rename(path)

    def create_index(self, path: str, field: str, kind: FieldKind, tenant: bool) -> None:
        params: dict[FieldKind, qe.KeywordIndexParams | qe.FloatIndexParams | qe.BoolIndexParams] = {
            "keyword": qe.KeywordIndexParams(is_tenant=tenant or None),
            "number": qe.FloatIndexParams(),
            "bool": qe.BoolIndexParams(),
        }
        self._write(path, qe.UpdateOperation.create_field_index(field, params[kind]))

    def indexes(self, path: str) -> dict[str, FieldKind]:
        schema = self._shard(path).info().payload_schema
        return {field: _KINDS[str(info.data_type).rpartition(".")[2]] for field, info in schema.items()}

    def upsert(self, path: str, ids: list[str], vectors: Vector, payloads: list[Payload]) -> None:
        points = [
            qe.Point(id=id_, vector=_buffer(vector), payload=payload)
            for id_, vector, payload in zip(ids, vectors, payloads, strict=True)
        ]
        self._write(path, qe.UpdateOperation.upsert_points(points))

    def delete(self, path: str, ids: list[str]) -> None:
        self._write(path, qe.UpdateOperation.delete_points(list[Any](ids)))

    def overwrite_payload(self, path: str, point_id: str, payload: Payload) -> None:
        self._write(path, qe.UpdateOperation.overwrite_payload([point_id], payload))

    def retrieve(self, path: str, ids: list[str], with_vectors: bool) -> list[tuple[str, Payload, Any]]:
        return [_row(record) for record in self._shard(path).retrieve(ids, True, with_vectors)]

    def query(
        self,
        path: str,
        vector: Vector,
        where: Filter | None,
        limit: int,
        offset: int,
        threshold: float | None,
        exact: bool,
    ) -> list[tuple[str, float, Payload]]:
        request = qe.QueryRequest(
            query=qe.Query.Nearest(_buffer(vector)),
            filter=edge_filter(where),
            limit=limit,
            offset=offset,
            score_threshold=threshold,
            with_payload=True,
            params=qe.SearchParams(exact=exact),
        )
        return [(str(hit.id), hit.score, hit.payload or {}) for hit in self._shard(path).query(request)]

    def scroll(
        self, path: str, where: Filter | None, limit: int, cursor: str | None, with_vectors: bool
    ) -> tuple[list[tuple[str, Payload, Any]], str | None]:
        request = qe.ScrollRequest(
            limit=limit,
            offset=cursor,
            filter=edge_filter(where),
            with_payload=True,
            with_vector=with_vectors,
        )
        records, following = self._shard(path).scroll(request)
        return [_row(record) for record in records], None if following is None else str(following)

    def count(self, path: str, where: Filter | None) -> int:
        return int(self._shard(path).count(qe.CountRequest(filter=edge_filter(where), exact=True)))

    def facet(self, path: str, field: str, where: Filter | None, limit: int) -> dict[str, int]:
        request = qe.FacetRequest(field, limit=limit, exact=True, filter=edge_filter(where))
        return {str(hit.value): hit.count for hit in self._shard(path).facet(request).hits}

    def forget(self, path: str) -> None:
        """Closes the shard, so that its directory can be removed."""
        if shard := self._open.pop(path, None):
            shard.close()

    def close(self) -> None:
        for path in list(self._open):
            self._open[path].flush()
            self.forget(path)


def _buffer(vector: Any) -> Any:
    """Edge takes a buffer as it is, four times faster than an array; its stubs only know lists."""
    return memoryview(vector)


def _row(record: Any) -> tuple[str, Payload, Any]:
    vector = None if record.vector is None else np.asarray(record.vector, dtype=np.float32)
    return str(record.id), record.payload or {}, vector


def _kind(sentence: str) -> str:
    if "WouldBlock" in sentence:
        return "busy"
    return "full" if "No space left" in sentence else "failed"


def _answer(shards: Shards, operation: str, arguments: dict[str, Any]) -> tuple[str, Any]:
    act: Callable[..., Any] = getattr(shards, operation)
    try:
        return "ok", act(**arguments)
    except Exception as error:  # noqa: BLE001 - Edge raises bare Exception: the sentence is all there is
        return _kind(str(error)), str(error)
    except BaseException as error:  # noqa: BLE001 - a panic: what the shard now holds in memory is anyone's guess
        return "panic", str(error)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    shards = Shards()
    while (message := frames.read_blocking(requests)) is not None:
        number, operation, arguments = message
        outcome, value = _answer(shards, operation, arguments)
        answers.write(frames.pack((number, outcome, value)))
        answers.flush()
        if outcome == "panic":
            os._exit(70)
    shards.close()


def main() -> None:
    # Ctrl-C and a service manager's SIGTERM reach the whole group; the parent still has requests to finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the engine prints must not land between two frames
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
