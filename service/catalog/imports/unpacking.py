"""A zip into a folder, a few megabytes at a step, so that whoever unpacks can stop."""

import errno
import zlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from service.catalog.imports.archives import ArchiveLimits, Member, members, opened
from service.catalog.sources.base import Reject
from service.store.files import check_room, disk_failures_told

_STEP_BYTES = 4_000_000
_A_FILE_AT_LEAST = 1_000  # creating one takes its time, however small it is
_BLOCK = 1 << 18
_OF_ITS_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}


def check_archive(path: Path, limits: ArchiveLimits) -> None:
    with opened(path) as archive:
        members(archive, limits)


class Unpacking:
    def __init__(self, path: Path, folder: Path, limits: ArchiveLimits, reserve_bytes: int) -> None:
        self._path = path
        self._folder = folder
        self._limits = limits
        self._reserve_bytes = reserve_bytes
        self.rejects: list[Reject] = []

    def steps(self) -> Generator[None]:
        with opened(self._path) as archive, disk_failures_told("The zip could not be unpacked"):
            found = members(archive, self._limits)
            chosen = [member for member in found if isinstance(member, Member)]
            self.rejects += [member for member in found if isinstance(member, Reject)]
            self._folder.mkdir(parents=True)
            check_room(self._folder, sum(member.info.file_size for member in chosen), self._reserve_bytes)
            done = 0
            for written in self._unpack(archive, chosen):
                done += written
                if done >= _STEP_BYTES:
                    done = 0
                    yield

    def _unpack(self, archive: ZipFile, chosen: Sequence[Member]) -> Iterator[int]:
        for member in chosen:
            path = self._folder / member.place
            yield _A_FILE_AT_LEAST
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member.info) as packed, path.open("xb") as file:
                    while block := packed.read(_BLOCK):
                        yield file.write(block)
            except (FileExistsError, NotADirectoryError):
                self._reject(member, "Another file of the zip has this name; the first one counts.")
            except (
                BadZipFile,
                zlib.error,
                EOFError,
                NotImplementedError,
                ValueError,
                OverflowError,
            ) as error:
                path.unlink(missing_ok=True)
                self._reject(member, f"The zip is damaged here: {_words(error)}.")
            except OSError as error:
                if error.errno not in _OF_ITS_NAME:
                    raise
                self._reject(member, f"No file can have this name: {error.strerror}.")

    def _reject(self, member: Member, reason: str) -> None:
        self.rejects.append(Reject(member.place, reason))


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, BadZipFile) else "its data cannot be unpacked"
