"""One generation made to hold what another holds, payload by payload.

A pass reads the payloads of the source once and those of the target once, in pages, and the vectors of what the target
lacks: one that finds nothing takes about 1.5 s for 20,000 images in the embedded store, and grows with their number.
What is gone from the source takes a second reading, and only where the target holds more than the pass has seen.
"""

import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from service.catalog.reading import pages
from service.catalog.together import all_done
from service.catalog.vectors import Vectors
from service.store.base import Payload, Point, VectorStore

T = TypeVar("T")

_BATCH = 64  # vectors, or originals, held in memory at once
SAMPLE = 50

OnProgress: TypeAlias = Callable[[str, int, int], None]
"""What is being done, how many images are through, and of how many."""


@dataclass(slots=True)
class Changes:
    """What a pass had to do, and a few of the images it saw, any as likely as any other."""

    added: int = 0
    updated: int = 0
    deleted: int = 0
    seen: int = 0
    vanished: int = 0
    """Deleted from the source between being listed and being taken over."""
    sample: list[Point] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.added + self.updated + self.deleted

    def add(self, later: "Changes") -> None:
        """What a later pass did as well; its images are the ones to choose from."""
        self.added += later.added
        self.updated += later.updated
        self.deleted += later.deleted
        self.seen, self.sample = later.seen, later.sample


class Mirror:
    def __init__(self, source: VectorStore, target: VectorStore, vectors: Vectors) -> None:
        self.source = source
        self.target = target
        self._vectors = vectors

    async def run(self, stage: str, on_progress: OnProgress) -> Changes:
        changes = Changes()
        await self._copy_indexes()
        chosen = random.Random(self.target.generation.name)  # the same images again when a run is repeated
        total, listed = await self.source.count(), 0
        async for points in pages(self.source):
            async for done in self._brought_up_to_date(points, changes):
                on_progress(stage, done, max(total, done))
            for point in points:
                listed += 1
                _choose(point, changes.sample, listed, chosen)
        if await self.target.count() > changes.seen - changes.vanished:
            changes.deleted = await self._delete_what_is_gone()
        return changes

    async def _copy_indexes(self) -> None:
        there = await self.target.indexes()
        for name, kind in (await self.source.indexes()).items():
            if name not in there:
                await self.target.ensure_index(name, kind)

    async def _brought_up_to_date(self, points: Sequence[Point], changes: Changes) -> AsyncIterator[int]:
        """Tells after each step how many images the pass has seen."""
        present = {point.id: point.payload for point in await self.target.retrieve(_ids(points))}
        changed = list(_changed(points, present))
        for some in _batches(changed):
            await all_done(self.target.overwrite_payload(id_, payload) for id_, payload in some)
        changes.updated += len(changed)
        changes.seen += len(present)
        yield changes.seen
        for batch in _batches([point for point in points if point.id not in present]):
            made = await self._with_vectors(batch)
            await self.target.upsert(made)
            changes.added += len(made)
            changes.vanished += len(batch) - len(made)
            changes.seen += len(batch)
            yield changes.seen

    async def _with_vectors(self, points: Sequence[Point]) -> list[Point]:
        vectors = await self._vectors.vectors(points, self.source)
        return [
            Point(point.id, point.payload, vector)
            for point, vector in zip(points, vectors, strict=True)
            if vector is not None
        ]

    async def _delete_what_is_gone(self) -> int:
        deleted = 0
        async for points in pages(self.target):
            kept = {point.id for point in await self.source.retrieve(_ids(points))}
            gone = [point.id for point in points if point.id not in kept]
            await self.target.delete(gone)
            deleted += len(gone)
        return deleted


def _changed(points: Sequence[Point], present: dict[str, Payload]) -> Iterator[tuple[str, Payload]]:
    """A point's id names its picture, so only its payload can have changed."""
    for point in points:
        if present.get(point.id, point.payload) != point.payload:
            yield point.id, point.payload


def _choose(point: Point, sample: list[Point], nth: int, chosen: random.Random) -> None:
    """Keeps SAMPLE of all the points there were so far, each with the same chance, however many are to come."""
    if len(sample) < SAMPLE:
        sample.append(point)
    elif (place := chosen.randrange(nth)) < SAMPLE:
        sample[place] = point


def _batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[at : at + _BATCH] for at in range(0, len(things), _BATCH))


def _ids(points: Sequence[Point]) -> list[str]:
    return [point.id for point in points]
