"""What two pictures have in common, region by region.

A vector that is the mean of its regions' features makes the cosine of two vectors a sum: over the regions of the one
picture, over those of the other, and over the pairs of both.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Map: TypeAlias = NDArray[np.float32]
"""(rows, columns, channels)"""
Grid: TypeAlias = NDArray[np.float64]
"""(rows, columns): what each region adds to the cosine."""
Cell: TypeAlias = tuple[int, int]

_PAIRS = 5
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Pair:
    query: Cell
    match: Cell
    adds: float


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    query: Grid
    match: Grid
    pairs: list[Pair]
    """The most telling first; no region is in two of them."""


def agreement(query: Map, match: Map) -> Agreement:
    asked, found = _cells(query), _cells(match)
    lengths = _length(asked.mean(axis=0)) * _length(found.mean(axis=0))
    adds = asked @ found.T / max(lengths * len(asked) * len(found), _SMALLEST)
    return Agreement(
        adds.sum(axis=1).reshape(query.shape[:2]),
        adds.sum(axis=0).reshape(match.shape[:2]),
        _pairs(adds, query.shape[1], match.shape[1]),
    )


def cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    left, right = one.astype(np.float64), other.astype(np.float64)
    return min(1.0, float(left @ right) / max(_length(left) * _length(right), _SMALLEST))


def _length(vector: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(vector))


def _cells(regions: Map) -> NDArray[np.float64]:
    return regions.reshape(-1, regions.shape[-1]).astype(np.float64)


def _pairs(adds: NDArray[np.float64], query_columns: int, match_columns: int) -> list[Pair]:
    left = adds.copy()
    pairs: list[Pair] = []
    while len(pairs) < _PAIRS:
        asked, found = divmod(int(left.argmax()), left.shape[1])
        if left[asked, found] <= 0:
            break
        pairs.append(
            Pair(divmod(asked, query_columns), divmod(found, match_columns), float(left[asked, found]))
        )
        left[asked, :] = left[:, found] = 0
    return pairs
