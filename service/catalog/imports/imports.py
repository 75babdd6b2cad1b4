"""Imports, one after another, in the order in which they came."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from service.catalog.errors import CatalogError
from service.catalog.imports.errors import ImportsAway, ImportsFull, UnknownImport
from service.catalog.imports.failures import failure_of
from service.catalog.imports.job import Job, Order, new_job
from service.catalog.imports.journal import JobFolder, Journal
from service.catalog.imports.receiving import receive
from service.catalog.imports.running import Means, Running
from service.catalog.locks import NamedLocks
from service.catalog.together import to_its_end, whole
from service.store.errors import StoreBusy, StoreError
from service.store.files import DirectoryLock, check_room, disk_failures_told

log = logging.getLogger(__name__)

_MOST_WAITING = 10
_MOST_KEPT = 100
_LOOKED_AT_EVERY_S = 0.25
_TIMES_ON_DISK = 2
"""As it comes, and where it is kept."""
_SILENT_FOR_S = 15.0


class Imports:
    def __init__(self, folder: Path, means: Means) -> None:
        self.folder = folder
        self._means = means
        self._journal = Journal(folder)
        self._jobs: dict[str, Job] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._cancelling = NamedLocks()
        self._coming = 0
        self._arrived = asyncio.Event()
        self._stopping: asyncio.Event | None = None

    @contextlib.asynccontextmanager
    async def at_work(self, stopping: asyncio.Event) -> AsyncIterator[None]:
        """Until it is to stop. What is not through by then waits for the next start."""
        await asyncio.to_thread(self.folder.mkdir, parents=True, exist_ok=True)
        try:
            lock = DirectoryLock(self.folder)
        except StoreBusy:
            log.warning("%s belongs to another service that runs: this one takes no imports", self.folder)
            yield
            return
        try:
            await self._load()
            self._stopping = stopping
            working = asyncio.create_task(self._work_until(stopping))
            try:
                yield
            finally:
                working.cancel()
                await asyncio.wait({working})
        finally:
            self._stopping = None
            lock.release()

    @contextlib.contextmanager
    def room(self, bytes_: int = 0) -> Iterator[None]:
        """For one more, of so many bytes. Asked for before its upload is read: those that are still coming are counted
        too."""
        if self._stopping is None:
            raise ImportsAway("This service takes no imports: another one that runs here does.")
        waiting = sum(job.state == "queued" for job in self._jobs.values())
        if waiting + self._coming >= _MOST_WAITING:
            raise ImportsFull(_MOST_WAITING)
        check_room(self.folder, _TIMES_ON_DISK * bytes_, self._means.reserve_bytes)
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1

    async def submit(self, upload: BinaryIO, order: Order) -> Job:
        job, means = new_job(str(uuid4()), order), self._means
        try:
            with disk_failures_told("The import could not be kept"):
                await to_its_end(
                    receive, upload, order, self.folder_of(job), means.archives, means.reserve_bytes
                )
                await self._journal.save(job)
        except BaseException:
            await self._journal.remove(job.id)
            raise
        self._jobs[job.id] = job
        self._arrived.set()
        return job

    def get(self, id_: str) -> Job:
        if id_ not in self._jobs:
            raise UnknownImport
        return self._jobs[id_]

    def newest_first(self) -> list[Job]:
        return list(reversed(self._jobs.values()))

    def folder_of(self, job: Job) -> JobFolder:
        return self._journal.folder_of(job.id)

    async def watch(self, job: Job) -> AsyncIterator[bool]:
        """Until it has ended or the service stops: True when something has changed, a few times a second at most, and
        False when nothing has for a while."""
        told, at = -1, 0.0
        while self._stopping is not None and not self._stopping.is_set():
            now = time.monotonic()
            if told != job.changes or now - at >= _SILENT_FOR_S:
                changed, told, at = told != job.changes, job.changes, now
                yield changed
            if job.ended:
                return
            await _set_within(self._stopping, _LOOKED_AT_EVERY_S)

    async def cancel(self, job: Job) -> None:
        """What it has written stays."""
        async with self._cancelling.hold([job.id]):
            if job.ended:
                return
            job.unwanted = True
            with contextlib.suppress(OSError):  # on a full disk above all
                await self._journal.save(job)
            if (running := self._running.get(job.id)) and not job.ended:
                await _stopped(running)
            if not job.ended:
                await whole(self._end(job))

    async def remove(self, job: Job) -> None:
        """One that has ended, once nobody is at work on it any more."""
        async with self._cancelling.hold([job.id]):
            if running := self._running.get(job.id):
                await asyncio.wait({running})
            await self._forget(job)

    async def _forget(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        await self._journal.remove(job.id)

    async def _load(self) -> None:
        self._jobs = {job.id: job for job in await self._journal.load()}
        for job in list(self._jobs.values()):
            if job.unwanted and not job.ended:
                await self._end(job)
            elif not job.ended:
                job.state = "queued"
        self._arrived.set()

    async def _work_until(self, stopping: asyncio.Event) -> None:
        working = asyncio.create_task(self._work())
        try:
            await stopping.wait()
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while job := next((job for job in self._jobs.values() if job.state == "queued"), None):
                await self._run(job)

    async def _run(self, job: Job) -> None:
        job.start()
        running = self._running[job.id] = asyncio.create_task(self._carry_out(job))
        try:
            await asyncio.wait({running})
        finally:
            await _stopped(running)
            del self._running[job.id]

    async def _carry_out(self, job: Job) -> None:
        try:
            await Running(job, self._journal, self._means).run()
            job.end("done")
        except asyncio.CancelledError:
            if not job.unwanted:  # the service stops, and goes on with it when it starts again
                raise
        except Exception as error:  # whatever it was, it ends this import and no other
            expected = isinstance(error, CatalogError | StoreError)
            log.warning("import %s failed: %s", job.id, error, exc_info=None if expected else error)
            job.end("failed", failure_of(error, self.folder_of(job)))
        await whole(self._end(job))

    async def _end(self, job: Job) -> None:
        if not job.ended:
            job.end("cancelled")
        await self._journal.close(job)
        ended = [kept for kept in self._jobs.values() if kept.ended]
        for oldest in ended[: max(0, len(ended) - _MOST_KEPT)]:
            await self._forget(oldest)


async def _stopped(running: asyncio.Task[None]) -> None:
    """It is told once: a second time would cut off how it ends."""
    if not running.cancelling():
        running.cancel()
    await asyncio.wait({running})


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
