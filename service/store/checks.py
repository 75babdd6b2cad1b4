"""What is checked before an engine sees it: the engines accept nonsense without a word."""

import math
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np

from service.store.base import Payload, Point, Vector
from service.store.errors import InvalidQuery
from service.store.filters import Filter, values_in, walk

MAX_DEPTH = 16
MAX_LIMIT = 100_000
MAX_CANDIDATES = 16_384  # Qdrant's own bound: it compares each of them with each
MAX_EXACT = 2**53
_INT64 = 2**63


def checked_vector(vector: Vector, dim: int) -> Vector:
    if vector.shape != (dim,):
        raise InvalidQuery(f"A vector of shape {vector.shape} does not fit a catalogue of {dim} dimensions.")
    if not np.isfinite(vector).all():
        raise InvalidQuery("A vector holds NaN or infinity.")
    if not vector.any():
        raise InvalidQuery("A vector of zeros has no direction, so nothing is near it.")
    return np.ascontiguousarray(vector, dtype=np.float32)


def checked_examples(
    positive: Sequence[Vector], negative: Sequence[Vector], dim: int
) -> tuple[list[Vector], list[Vector]]:
    if not positive:
        raise InvalidQuery("A recommendation needs at least one positive example.")
    return [checked_vector(v, dim) for v in positive], [checked_vector(v, dim) for v in negative]


def checked_points(points: Sequence[Point], dim: int) -> tuple[list[str], Vector, list[Payload]]:
    """Ids, one matrix and payloads: the form in which a batch travels."""
    vectors = []
    for point in points:
        if point.vector is None:
            raise InvalidQuery(f"Point {point.id} has no vector.")
        vectors.append(checked_vector(point.vector, dim))
        check_payload(point.payload)
    return checked_ids([point.id for point in points]), np.stack(vectors), [point.payload for point in points]


def checked_ids(ids: Sequence[str]) -> list[str]:
    """In the one spelling that engines answer with."""
    return [_checked_id(id_) for id_ in ids]


def _checked_id(id_: str) -> str:
    try:
        return str(uuid.UUID(id_))
    except (ValueError, AttributeError, TypeError) as error:
        raise InvalidQuery(f"{id_!r} is not the id of a point.") from error


def check_limit(limit: int, offset: int = 0) -> None:
    if not 0 < limit <= MAX_LIMIT or not 0 <= offset <= MAX_LIMIT:
        raise InvalidQuery(f"limit must be 1 to {MAX_LIMIT} and offset 0 to {MAX_LIMIT}.")


def checked_candidates(diversity: float, candidates: int, limit: int) -> int:
    """How many to choose from: never fewer than are asked for."""
    if not 0.0 <= diversity <= 1.0:
        raise InvalidQuery("Diversity must be 0 to 1.")
    if not 0 < candidates <= MAX_CANDIDATES or limit > MAX_CANDIDATES:
        raise InvalidQuery(f"A diverse search chooses among 1 to {MAX_CANDIDATES} candidates.")
    return max(candidates, limit)


def check_filter(where: Filter | None) -> None:
    for part, level in walk(where) if where is not None else ():
        if level > MAX_DEPTH:
            raise InvalidQuery(f"A filter may be nested {MAX_DEPTH} deep at most.")
        if any(isinstance(value, int | float) and not is_exact(value) for value in values_in(part)):
            # Edge panics at a NaN, and takes its process along.
            raise InvalidQuery("A filter holds a number that no payload can hold.")


def is_exact(number: float) -> bool:
    """What a float index keeps as it is: no NaN, no infinity, no integer of hundreds of digits."""
    return abs(number) <= MAX_EXACT


def check_payload(payload: Payload) -> None:
    waiting: list[tuple[Any, int]] = [(payload, 1)]
    while waiting:
        value, level = waiting.pop()
        if level > MAX_DEPTH:
            raise InvalidQuery(f"A payload may be nested {MAX_DEPTH} deep at most.")
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                raise InvalidQuery("The keys of a payload are strings.")
            waiting.extend((inner, level + 1) for inner in value.values())
        elif isinstance(value, list):
            waiting.extend((inner, level + 1) for inner in value)
        else:
            _check_leaf(value)


def _check_leaf(value: object) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int) and -_INT64 <= value < _INT64:
        return
    if isinstance(value, float) and math.isfinite(value):
        return
    raise InvalidQuery(f"A payload cannot hold {value!r}.")
