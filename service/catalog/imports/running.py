"""One import from its upload to its end. Cut short, it goes on where its record says that it was."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import chain, islice

from service.catalog.fetching.fetcher import Fetcher
from service.catalog.image_files import ImageFiles
from service.catalog.imports.archives import ArchiveLimits
from service.catalog.imports.failures import waiting_for
from service.catalog.imports.job import Job
from service.catalog.imports.journal import Journal
from service.catalog.imports.opening import source_of
from service.catalog.imports.unpacking import Unpacking
from service.catalog.imports.waiting import PASSING, Patience, Waiting
from service.catalog.ingestion import Ingestion, Pace
from service.catalog.rejects import RejectsFile
from service.catalog.seen import SeenIds
from service.catalog.sources.base import Entry, Reject, Source, expected
from service.catalog.tally import Tally
from service.catalog.together import to_its_end
from service.catalog.writing import ProductWriter

log = logging.getLogger(__name__)

_PACE = Pace(chunk=16, chunks_in_flight=3, bytes_in_flight=160_000_000)
_SAVED_EVERY_S = 1.0
_MOST_REJECTS_BYTES = 100_000_000
_TAKING_IN = "Taking in."


@dataclass(frozen=True, slots=True)
class Means:
    """What an import is taken in with."""

    writer: ProductWriter
    open_fetcher: Callable[[], Fetcher]
    archives: ArchiveLimits
    max_image_bytes: int
    reserve_bytes: int
    patience: Patience = field(default_factory=Patience)


class Running:
    def __init__(self, job: Job, journal: Journal, means: Means) -> None:
        self._job = job
        self._journal = journal
        self._means = means
        self._folder = journal.folder_of(job.id)
        self._unusable: list[Reject] = []
        self._waiting = Waiting(means.patience)

    async def run(self) -> None:
        async with self._saved_now_and_then():
            source = await self._opened()
            self._job.expected = await asyncio.to_thread(expected, source, self._job.order.limit)
            self._job.do(_TAKING_IN)
            async with self._means.open_fetcher() as fetcher:
                images = ImageFiles(fetcher, self._means.max_image_bytes)
                while not await self._taken_in(source, images):
                    pass

    async def _opened(self) -> Source:
        if self._job.order.is_archive:
            self._job.do("Unpacking.")
            await self._unpack()
        source, self._job.read_as = await to_its_end(source_of, self._job.order, self._folder)
        return source

    async def _unpack(self) -> None:
        """Anew each time: it costs little, and nobody has to know how much of it was there."""
        await to_its_end(shutil.rmtree, self._folder.files, True)
        unpacking = Unpacking(
            self._folder.upload / self._job.order.file,
            self._folder.files,
            self._means.archives,
            self._means.reserve_bytes,
        )
        with closing(unpacking.steps()) as steps:
            while await to_its_end(next, steps, _END) is not _END:
                pass
        self._unusable = unpacking.rejects

    async def _taken_in(self, source: Source, images: ImageFiles) -> bool:
        """Or waited a while for a store that is away."""
        try:
            await self._take_in(source, images)
        except PASSING as error:
            log.warning("import %s: %s", self._job.id, error)
            self._job.wait(waiting_for(error))
            await self._waiting.out(error)
            return False
        return True

    async def _take_in(self, source: Source, images: ImageFiles) -> None:
        job = self._job
        rejected = RejectsFile(
            self._folder.rejects,
            job.rejects_bytes,
            max_bytes=_MOST_REJECTS_BYTES,
            reserve_bytes=self._means.reserve_bytes,
        )
        with rejected as rejects, closing(SeenIds()) as seen:

            def note(tally: Tally) -> None:
                job.tally, job.rejects_bytes = _copy(tally), rejects.bytes
                job.do(_TAKING_IN)
                self._waiting.forget()

            ingestion = Ingestion(
                self._means.writer,
                self._entries(source),
                rejects,
                images,
                seen,
                note,
                anew=job.order.anew,
                pace=_PACE,
                earlier=job.tally,
            )
            await ingestion.run()

    def _entries(self, source: Source) -> Iterator[Entry]:
        """The same ones in the same order each time: what was done before is told by its number."""
        return chain(self._unusable, islice(source.entries(), self._job.order.limit))

    @asynccontextmanager
    async def _saved_now_and_then(self) -> AsyncIterator[None]:
        saving = asyncio.create_task(self._keep_saving())
        try:
            yield
        finally:
            saving.cancel()
            await asyncio.wait({saving})
            await self._save()

    async def _keep_saving(self) -> None:
        saved = -1
        while True:
            if saved != self._job.changes:
                saved = self._job.changes
                await self._save()
            await asyncio.sleep(_SAVED_EVERY_S)

    async def _save(self) -> None:
        try:
            await self._journal.save(self._job)
        except OSError as error:  # it is the import that matters
            log.warning("import %s: its progress could not be written down: %s", self._job.id, error)


_END = object()


def _copy(tally: Tally) -> Tally:
    copied = Tally()
    copied.add(tally)
    return copied
