"""A source into the catalogue: streamed, a few chunks at a time, so memory stays flat at any size.

A killed run is resumed by running it again: what is in is only read, hashed and skipped. Who remembers how far it came
says so, and it goes on behind that.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Protocol

from service.catalog.catalog import Catalog
from service.catalog.chunks import Chunk
from service.catalog.image_files import ImageFiles
from service.catalog.room import Room
from service.catalog.seen import SeenIds
from service.catalog.sources.base import Entry, Reject
from service.catalog.tally import Tally
from service.catalog.together import to_its_end
from service.catalog.writing import ProductWriter

CHUNK = 32
CHUNKS_IN_FLIGHT = 3
_SKIPPED_AT_ONCE = 4_096


class Rejects(Protocol):
    def add(self, where: str, product_id: str, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    chunk: int = CHUNK
    chunks_in_flight: int = CHUNKS_IN_FLIGHT
    bytes_in_flight: int = 256_000_000


@dataclass(slots=True)
class Summary(Tally):
    started: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0


class Ingestion:
    def __init__(
        self,
        catalog: Catalog | ProductWriter,
        entries: Iterator[Entry],
        rejects: Rejects,
        images: ImageFiles,
        seen: SeenIds,
        on_progress: Callable[[Summary], None],
        *,
        anew: bool = False,
        pace: Pace | None = None,
        earlier: Tally | None = None,
    ) -> None:
        """With `anew` everything is embedded and written, whether it has changed or not.

        `earlier` is what an earlier run over the same entries came to: those are passed over.
        """
        self._catalog = catalog
        self._entries = entries
        self._rejects = rejects
        self._images = images
        self._seen = seen
        self._on_progress = on_progress
        self._anew = anew
        self._pace = pace or Pace()
        self._room = Room(self._pace.bytes_in_flight)
        self.summary = Summary(**asdict(earlier or Tally()))

    async def run(self) -> Summary:
        """Any failure that is not one record's own ends the run; the next run goes on from there."""
        try:
            await self._write_all()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        self.summary.seconds = time.perf_counter() - self.summary.started
        return self.summary

    async def _write_all(self) -> None:
        await self._pass_over(self.summary.read)
        slots = asyncio.Semaphore(self._pace.chunks_in_flight)
        before: asyncio.Task[None] | None = None
        async with asyncio.TaskGroup() as chunks:
            while entries := await to_its_end(self._take, self._pace.chunk):
                await slots.acquire()
                before = chunks.create_task(self._write(entries, slots, before))

    async def _pass_over(self, count: int) -> None:
        """Their ids count as seen all the same."""
        while count > 0 and (taken := await to_its_end(self._take, min(count, _SKIPPED_AT_ONCE))):
            count -= len(taken)

    def _take(self, count: int) -> list[Entry]:
        """In a thread that is always waited for: whoever ends the run closes what it reads from."""
        return [self._first(entry) for entry in islice(self._entries, count)]

    def _first(self, entry: Entry) -> Entry:
        if isinstance(entry, Reject):
            if entry.product_id:
                self._seen.mention(entry.product_id)
            return entry
        if self._seen.claim(entry.product.id):
            return entry
        return Reject(entry.where, "The source has this id twice; the first one counts.", entry.product.id)

    async def _write(
        self, entries: Sequence[Entry], slots: asyncio.Semaphore, before: "asyncio.Task[None] | None"
    ) -> None:
        """Chunks are told of in the source's order: what the summary counts is where the source begins."""
        chunk = Chunk(self._catalog, self._images, self._room, anew=self._anew)
        try:
            await chunk.write(entries)
        finally:
            slots.release()
        if before is not None:
            await before
        self._tell(chunk)

    def _tell(self, chunk: Chunk) -> None:
        for reject in chunk.rejects:
            self._rejects.add(reject.where, reject.product_id, reject.reason)
        self.summary.add(chunk.tally)
        self._on_progress(self.summary)
