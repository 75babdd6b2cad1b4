"""A source into the catalogue: streamed, a few chunks at a time, so memory stays flat at any size.

A killed run is resumed by running it again: what is in is only read, hashed and skipped.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from service.catalog.catalog import Catalog
from service.catalog.sources.base import Entry, Record, Reject, Source
from service.catalog.writing import Draft

CHUNK = 32
CHUNKS_IN_FLIGHT = 3


class Rejects(Protocol):
    def add(self, where: str, product_id: str, reason: str) -> None: ...


@dataclass(slots=True)
class Summary:
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0
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
        source: Source,
        rejects: Rejects,
        max_image_bytes: int,
        on_progress: Callable[[Summary], None],
    ) -> None:
        self._catalog = catalog
        self._entries = source.entries()
        self._rejects = rejects
        self._max_image_bytes = max_image_bytes
        self._on_progress = on_progress
        self._seen: set[str] = set()
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
            while entries := await asyncio.to_thread(_take, self._entries):
                await slots.acquire()
                chunks.create_task(self._write(entries)).add_done_callback(lambda _: slots.release())

    async def _write(self, entries: list[Entry]) -> None:
        drafts: list[Draft] = []
        places: list[str] = []
        for entry in entries:
            if isinstance(entry, Reject):
                self._reject(entry.where, "", entry.reason)
            elif entry.product.id in self._seen:
                self._reject(
                    entry.where, entry.product.id, "The source has this id twice; the first one counts."
                )
            else:
                self._seen.add(entry.product.id)
                draft = await asyncio.to_thread(self._read, entry)
                if isinstance(draft, Reject):
                    self._reject(draft.where, entry.product.id, draft.reason)
                else:
                    drafts.append(draft)
                    places.append(entry.where)
        for place, outcome in zip(places, await self._catalog.write(drafts), strict=True):
            self.summary.embedded += outcome.embedded
            if outcome.state == "rejected":
                self._reject(place, outcome.product_id, str(outcome.error))
            else:
                setattr(self.summary, outcome.state, getattr(self.summary, outcome.state) + 1)
        self._on_progress(self.summary)

    def _read(self, record: Record) -> Draft | Reject:
        try:
            for path in record.images:
                if (size := path.stat().st_size) > self._max_image_bytes:
                    return Reject(record.where, f"{path.name} has {size} bytes, more than the limit.")
            return Draft(record.product, [path.read_bytes() for path in record.images])
        except OSError as error:
            return Reject(record.where, f"The image cannot be read: {error.strerror}.")

    def _reject(self, where: str, product_id: str, reason: str) -> None:
        self.summary.rejected += 1
        self._rejects.add(where, product_id, reason)


def _take(entries: Iterator[Entry]) -> list[Entry]:
    return list(islice(entries, CHUNK))
