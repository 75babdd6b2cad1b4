"""A question to a shard as it travels to the child process, and in Qdrant Edge's words."""

from dataclasses import dataclass
from typing import Any

import qdrant_edge as qe

from service.store import graph
from service.store.base import Vector
from service.store.edge_filters import edge_filter
from service.store.filters import Filter


@dataclass(frozen=True, slots=True)
class Near:
    vector: Vector


@dataclass(frozen=True, slots=True)
class Liked:
    positive: list[Vector]
    negative: list[Vector]


@dataclass(frozen=True, slots=True)
class Diverse:
    vector: Vector
    diversity: float
    candidates: int


@dataclass(frozen=True, slots=True)
class Asked:
    what: Near | Liked | Diverse
    where: Filter | None
    limit: int
    offset: int = 0
    threshold: float | None = None
    exact: bool = False
    with_vectors: bool = False


def edge_request(asked: Asked) -> qe.QueryRequest:
    return qe.QueryRequest(
        query=_query(asked.what),
        filter=edge_filter(asked.where),
        limit=asked.limit,
        offset=asked.offset,
        score_threshold=asked.threshold,
        with_payload=True,
        with_vector=asked.with_vectors,
        # The second half has no effect without quantization. With it, int8 chooses and float32 decides.
        params=qe.SearchParams(
            exact=asked.exact,
            hnsw_ef=graph.SEARCHING_CANDIDATES,
            quantization=qe.QuantizationSearchParams(rescore=True, oversampling=2.0),
        ),
    )


def _query(what: Near | Liked | Diverse) -> Any:
    match what:
        case Near(vector):
            return qe.Query.Nearest(buffer(vector))
        case Liked(positive, negative):
            likes, dislikes = ([buffer(vector) for vector in vectors] for vectors in (positive, negative))
            return qe.Query.RecommendBestScore(qe.RecommendQuery(likes, dislikes))
        case Diverse(vector, diversity, candidates):
            return qe.Mmr(buffer(vector), 1.0 - diversity, candidates)


def buffer(vector: Any) -> Any:
    """Edge takes a buffer as it is, four times faster than an array; its stubs only know lists."""
    return memoryview(vector)
