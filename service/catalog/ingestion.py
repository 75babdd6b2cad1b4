"""A source into the catalogue: streamed, a few chunks at a time, so memory stays flat at any size.

A killed run is resumed by running it again: what is in is only read, hashed and skipped.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from service.catalog.catalog import Catalog
from service.catalog.errors import CatalogError
from service.catalog.image_files import ImageFiles
from service.catalog.room import Room
from service.catalog.seen import SeenIds
from service.catalog.sources.base import Entry, Record, Reject
from service.catalog.together import all_done
from service.catalog.writing import Draft

CHUNK = 32
CHUNKS_IN_FLIGHT = 3
_BYTES_IN_FLIGHT = 256_000_000
_BYTES_AT_ONCE = 64_000_000


class Rejects(Protocol):
    def add(self, where: str, product_id: str, reason: str) -> None: ...


@dataclass(slots=True)
class Summary:
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0
    hiding: int = 0
    """Of those rejected, the ones behind which products may stand that nobody can name."""
    embedded: int = 0
    started: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0

    @property
    def read(self) -> int:
        return self.added + self.replaced + self.unchanged + self.rejected


class Ingestion:
    def __init__(
        self,
        catalog: Catalog,
        entries: Iterator[Entry],
        rejects: Rejects,
        images: ImageFiles,
        seen: SeenIds,
        on_progress: Callable[[Summary], None],
        *,
        anew: bool = False,
    ) -> None:
        """With `anew` everything is embedded and written, whether it has changed or not."""
        self._catalog = catalog
        self._entries = entries
        self._rejects = rejects
        self._images = images
        self._seen = seen
        self._on_progress = on_progress
        self._anew = anew
        self._room = Room(_BYTES_IN_FLIGHT)
        self.summary = Summary()

    async def run(self) -> Summary:
        """Any failure that is not one record's own ends the run; the next run goes on from there."""
        try:
            await self._write_all()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        self.summary.seconds = time.perf_counter() - self.summary.started
        return self.summary

    async def _write_all(self) -> None:
        slots = asyncio.Semaphore(CHUNKS_IN_FLIGHT)
        async with asyncio.TaskGroup() as chunks:
            while entries := await asyncio.to_thread(self._take):
                await slots.acquire()
                chunks.create_task(self._write(entries)).add_done_callback(lambda _: slots.release())

    def _take(self) -> list[Entry]:
        return [self._first(entry) for entry in islice(self._entries, CHUNK)]

    def _first(self, entry: Entry) -> Entry:
        if isinstance(entry, Reject):
            if entry.product_id:
                self._seen.mention(entry.product_id)
            return entry
        if self._seen.claim(entry.product.id):
            return entry
        return Reject(entry.where, "The source has this id twice; the first one counts.", entry.product.id)

    async def _write(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, Reject):
                self._reject(entry)
        records = [entry for entry in entries if isinstance(entry, Record)]
        sizes = await self._images.bytes_of([record.images for record in records])
        await all_done(self._write_part(part, bytes_) for part, bytes_ in _parts(records, sizes))
        self._on_progress(self.summary)

    async def _write_part(self, records: Sequence[Record], bytes_: int) -> None:
        async with self._room.of(bytes_):
            await self._write_records(records)

    async def _write_records(self, records: Sequence[Record]) -> None:
        read = zip(records, await all_done(map(self._read, records)), strict=True)
        drafts = [(record.where, draft) for record, draft in read if draft is not None]
        outcomes = await self._catalog.write([draft for _, draft in drafts], anew=self._anew)
        for (where, _), outcome in zip(drafts, outcomes, strict=True):
            self.summary.embedded += outcome.embedded
            if outcome.state == "rejected":
                self._reject(Reject(where, str(outcome.error), outcome.product_id))
            else:
                setattr(self.summary, outcome.state, getattr(self.summary, outcome.state) + 1)

    async def _read(self, record: Record) -> Draft | None:
        try:
            return Draft(record.product, await all_done(map(self._images.read, record.images)))
        except CatalogError as error:
            self._reject(Reject(record.where, str(error), record.product.id))
            return None

    def _reject(self, reject: Reject) -> None:
        self.summary.rejected += 1
        self.summary.hiding += reject.hides_products and not reject.product_id
        self._rejects.add(reject.where, reject.product_id, reject.reason)


def _parts(records: Sequence[Record], sizes: Sequence[int]) -> Iterator[tuple[list[Record], int]]:
    """Few large images at once, or many small ones."""
    part: list[Record] = []
    bytes_ = 0
    for record, size in zip(records, sizes, strict=True):
        if part and bytes_ + size > _BYTES_AT_ONCE:
            yield part, bytes_
            part, bytes_ = [], 0
        part.append(record)
        bytes_ += size
    if part:
        yield part, bytes_
