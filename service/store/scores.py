"""One meaning of score and distance, whichever distance a generation was built with."""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from service.store.base import Distance, Vector

SHORTEST = 1e-12  # a vector of zeros has no direction; it is near to nobody

Number = TypeVar("Number", np.float32, np.float64)


def of_length_one(vectors: NDArray[Number]) -> NDArray[Number]:
    """One vector or many; what remains is their direction."""
    found: NDArray[Number] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), SHORTEST)
    return found


def score_and_distance(engine_value: float, metric: Distance) -> tuple[float, float]:
    """Cosine: the similarity, and the Euclidean distance between the unit vectors it implies.

    Euclid: the distance, and a score that falls from 1 towards 0 as it grows.
    """
    if metric == "cosine":
        score = min(1.0, engine_value)
        return score, math.sqrt(max(0.0, 2.0 - 2.0 * score))
    return 1.0 / (1.0 + engine_value), engine_value


def engine_threshold(min_score: float | None, metric: Distance) -> float | None:
    if min_score is None or metric == "cosine":
        return min_score
    return 1.0 / min_score - 1.0 if min_score > 0 else None


def likenesses(
    some: NDArray[np.float32], others: NDArray[np.float32], metric: Distance
) -> NDArray[np.float64]:
    """Of each to each, as scores."""
    rows, columns = some.astype(np.float64), others.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)[:, None], np.linalg.norm(columns, axis=1)[None, :]
    products = rows @ columns.T
    if metric == "cosine":
        return np.asarray(products / (lengths[0] * lengths[1]))
    squares = lengths[0] ** 2 + lengths[1] ** 2 - 2 * products
    return np.asarray(1 / (1 + np.sqrt(np.maximum(squares, 0))))


def likeness_to_nearest(vector: Vector, positives: Sequence[Vector], metric: Distance) -> tuple[float, float]:
    """Score and distance to whichever positive is nearest: what an engine's own score of a recommendation hides."""
    others = np.stack(positives).astype(np.float64)
    one = vector.astype(np.float64)
    if metric == "cosine":
        cosines = others @ one / (np.linalg.norm(others, axis=1) * np.linalg.norm(one))
        return score_and_distance(float(cosines.max()), metric)
    return score_and_distance(float(np.linalg.norm(others - one, axis=1).min()), metric)
