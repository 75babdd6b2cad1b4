"""Which ways there are, and the one question that all of them answer: pure, and the same every time."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from service.catalog.reranking.crowd import Crowd, Numbers
from service.catalog.reranking.expansion import database_augmentation, query_expansion
from service.catalog.reranking.reciprocal import k_reciprocal
from service.store.base import Distance, Vector

Rerank: TypeAlias = Literal["none", "query_expansion", "database_augmentation", "k_reciprocal"]
METHODS: tuple[Rerank, ...] = get_args(Rerank)

_DIGITS = 6  # beyond them it is the order of a sum by which two differ


def _none(crowd: Crowd) -> Numbers:
    return np.asarray(crowd.likenesses()[: crowd.asking, crowd.asking :].max(axis=0))


_BY_NAME: dict[Rerank, Callable[[Crowd], Numbers]] = {
    "none": _none,
    "query_expansion": query_expansion,
    "database_augmentation": database_augmentation,
    "k_reciprocal": k_reciprocal,
}


def reranked(
    method: Rerank, queries: Sequence[Vector], candidates: NDArray[np.float32], metric: Distance
) -> tuple[NDArray[np.intp], Numbers]:
    """The candidates' places in their new order, and the score of each in the order given, higher for nearer.

    A candidate is as near as it is to the nearest query. Scores of one method do not compare with another's. Of equal
    ones the first stays first: `candidates` come nearest first.
    """
    scores = _BY_NAME[method](Crowd.of(queries, candidates, metric)).round(_DIGITS)
    return np.argsort(-scores, kind="stable"), scores
