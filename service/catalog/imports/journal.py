"""Imports on disk.

imports/
  lock                 held by the process that they belong to
  ID/
    job.json           always whole
    rejects.csv
    work/              goes when the import ends
      upload/NAME      as it was sent
      files/           a zip's, unpacked
      nothing/         where a table that came alone finds its local images: nowhere
"""

import asyncio
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from service.catalog.imports.job import Job
from service.catalog.together import to_its_end
from service.store.files import write_atomically

log = logging.getLogger(__name__)

_JOB: TypeAdapter[Job] = TypeAdapter(Job)


@dataclass(frozen=True, slots=True)
class JobFolder:
    path: Path

    @property
    def record(self) -> Path:
        return self.path / "job.json"

    @property
    def rejects(self) -> Path:
        return self.path / "rejects.csv"

    @property
    def work(self) -> Path:
        return self.path / "work"

    @property
    def upload(self) -> Path:
        return self.work / "upload"

    @property
    def files(self) -> Path:
        return self.work / "files"

    @property
    def nothing(self) -> Path:
        return self.work / "nothing"


class Journal:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = asyncio.Lock()

    def folder_of(self, id_: str) -> JobFolder:
        return JobFolder(self._folder / id_)

    async def save(self, job: Job) -> None:
        async with self._writing:
            said = _JOB.dump_json(job, indent=2).decode()
            await to_its_end(write_atomically, self.folder_of(job.id).record, said)

    async def close(self, job: Job) -> None:
        """The record first: an import that has ended never begins again."""
        try:
            await self.save(job)
        except OSError as error:
            log.warning("import %s: its end could not be written down: %s", job.id, error)
        await to_its_end(_remove, self.folder_of(job.id).work)

    async def remove(self, id_: str) -> None:
        await to_its_end(_remove, self.folder_of(id_).path)

    async def load(self) -> list[Job]:
        """The oldest first. What a kill left behind is tidied up."""
        return await asyncio.to_thread(self._load)

    def _load(self) -> list[Job]:
        jobs = []
        for path in self._folder.iterdir():
            folder = JobFolder(path)
            if not _is_id(path.name):
                continue
            if not folder.record.exists():  # its upload was not whole, and nobody was promised anything
                _remove(path)
            elif job := _read(folder.record):
                jobs.append(job)
                if job.ended:
                    _remove(folder.work)
        return sorted(jobs, key=lambda job: job.created)


def _read(record: Path) -> Job | None:
    try:
        return _JOB.validate_json(record.read_bytes())
    except (OSError, ValidationError) as error:
        log.warning("%s cannot be read, and its import is left alone: %s", record, error)
        return None


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
