"""Points for the store's tests."""

import uuid
from typing import Any

import numpy as np

from service.store.base import Point, Vector


def vector(*numbers: float, dim: int = 8) -> Vector:
    padded = np.zeros(dim, np.float32)
    padded[: len(numbers)] = numbers
    return padded


def point(number: int, at: Vector, **payload: Any) -> Point:
    return Point(point_id(number), {"number": number, **payload}, at)


def point_id(number: int) -> str:
    return str(uuid.UUID(int=number + 1))
