"""A sample of images, embedded afresh and looked for: is the generation that is to go live what it claims to be?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.catalog.vectors import Vectors
from service.store.base import Distance, Point, Vector, VectorStore
from service.store.errors import StoreDamaged

_TOP = 10
_COSINE = 0.999  # the same image, whatever batch it was embedded in, is above 0.9999
_APART = 0.045  # the distance that belongs to that cosine, in lengths of the vector
_MISSED = 0.1  # an index is approximate: it may miss an image now and then


@dataclass(frozen=True, slots=True)
class Comparison:
    images: int
    overlap: float
    """How many of an image's ten nearest are the same under both models, 0 to 1.

    Told, and no more: a model that had the same neighbours would not be worth the change.
    """


class Neighbours:
    def __init__(self, old: VectorStore, new: VectorStore, vectors: Vectors) -> None:
        self._old = old
        self._new = new
        self._vectors = vectors
        self._missed = 0
        self._overlaps: list[float] = []

    async def compare(self, sample: Sequence[Point]) -> Comparison:
        """Raises StoreDamaged where an image's new vector is not its own, or is not found."""
        for point in sample:
            await self._compare(point)
        compared = len(self._overlaps)
        if self._missed > max(1, compared * _MISSED):
            raise StoreDamaged(
                f"The index finds {self._missed} of {compared} images not at all. {self._refused()}"
            )
        return Comparison(compared, sum(self._overlaps) / max(1, compared))

    async def _compare(self, point: Point) -> None:
        (fresh,) = await self._vectors.vectors([point], self._old)
        old, new = await _vector(self._old, point.id), await _vector(self._new, point.id)
        if fresh is None or old is None or new is None:
            return  # deleted a moment ago; that nothing else is missing, the counts tell
        distance = self._new.generation.identity.distance
        if not _same(fresh, new, distance):
            image = point.payload["image"]
            raise StoreDamaged(f"Image {image} has a vector that is not its original's. {self._refused()}")
        self._missed += not await _found(self._new, fresh)
        before, after = await _nearest(self._old, old, point.id), await _nearest(self._new, new, point.id)
        self._overlaps.append(len(before & after) / len(before) if before else 1.0)

    def _refused(self) -> str:
        name = self._new.generation.name
        return (
            f"{name} was not made live. `vizinho reembed --drop-old` with the live generation's settings removes it; "
            "then it can be built anew."
        )


def _same(fresh: Vector, stored: Vector, distance: Distance) -> bool:
    """Cosine keeps vectors at length one, so only their direction is compared."""
    length = float(np.linalg.norm(fresh))
    if distance == "euclid":
        return float(np.linalg.norm(fresh - stored)) <= _APART * length
    return float(fresh @ stored) > _COSINE * length * float(np.linalg.norm(stored))


async def _found(store: VectorStore, vector: Vector) -> bool:
    """Itself, or another product's equal image."""
    hits = await store.query(vector, limit=1)
    if store.generation.identity.distance == "euclid":
        return bool(hits) and hits[0].distance <= _APART * float(np.linalg.norm(vector))
    return bool(hits) and hits[0].score >= _COSINE


async def _vector(store: VectorStore, point_id: str) -> Vector | None:
    points = await store.retrieve([point_id], with_vectors=True)
    return points[0].vector if points else None


async def _nearest(store: VectorStore, vector: Vector, point_id: str) -> set[str]:
    hits = await store.query(vector, limit=_TOP + 1)
    return {hit.id for hit in [hit for hit in hits if hit.id != point_id][:_TOP]}
