"""Where the vectors of a generation that is being built come from."""

from collections.abc import Sequence
from typing import Protocol

from service.store.base import Point, Vector, VectorStore


class Vectors(Protocol):
    async def vectors(self, points: Sequence[Point], source: VectorStore) -> list[Vector | None]:
        """In the points' order; None for one that was deleted from the source a moment ago."""
        ...


class StoredVectors:
    """The source's own: both generations are of one model."""

    async def vectors(self, points: Sequence[Point], source: VectorStore) -> list[Vector | None]:
        found = await source.retrieve([point.id for point in points], with_vectors=True)
        there = {point.id: point.vector for point in found}
        return [there.get(point.id) for point in points]
