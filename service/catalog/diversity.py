"""Of the nearest products those first that are unlike each other: maximal marginal relevance.

Chosen among products, of which each has one vote however many images show it, and always among as many, so that the
pages of one answer follow each other.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from service.store.base import Distance, Vector
from service.store.scores import likenesses

_BEHIND_ALL = 2.0  # more than any two products can differ in likeness


def relevance(
    vectors: NDArray[np.float32], liked: Sequence[Vector], disliked: Sequence[Vector], metric: Distance
) -> NDArray[np.float64]:
    """Likeness to the nearest liked one; what is nearer to a disliked one stands behind all others."""
    to_liked: NDArray[np.float64] = likenesses(vectors, np.stack(liked), metric).max(axis=1)
    return set_back(to_liked, vectors, liked, disliked, metric)


def set_back(
    scores: NDArray[np.float64],
    vectors: NDArray[np.float32],
    liked: Sequence[Vector],
    disliked: Sequence[Vector],
    metric: Distance,
) -> NDArray[np.float64]:
    """Behind all others, what is nearer to a disliked one than to every liked one."""
    if not disliked:
        return scores
    to_liked = likenesses(vectors, np.stack(liked), metric).max(axis=1)
    to_disliked = likenesses(vectors, np.stack(disliked), metric).max(axis=1)
    return np.where(to_disliked > to_liked, scores - _BEHIND_ALL, scores)


def given_by_place(relevant: NDArray[np.float64], order: NDArray[np.intp]) -> NDArray[np.float64]:
    """The same values, the highest to whoever is first in an order that was made by something else."""
    given = np.empty_like(relevant)
    given[order] = np.sort(relevant)[::-1]
    return given


def diverse_order(
    vectors: NDArray[np.float32], relevant: NDArray[np.float64], diversity: float, metric: Distance
) -> list[int]:
    """Each next one is relevant, and unlike all before it: `diversity` says how much which of the two counts."""
    alike = likenesses(vectors, vectors, metric)
    order = [int(relevant.argmax())]
    closest = alike[order[0]].copy()
    left = np.ones(len(vectors), dtype=bool)
    left[order] = False
    while left.any():
        worth = (1 - diversity) * relevant - diversity * closest
        order.append(int(np.where(left, worth, -np.inf).argmax()))
        left[order[-1]] = False
        closest = np.maximum(closest, alike[order[-1]])
    return order
