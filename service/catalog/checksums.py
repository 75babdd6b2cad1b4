"""Checksums of files, in the form that sha256sum reads. The list is written and read by the line: it may be long."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from service.store.errors import StoreDamaged

FILE = "files.sha256"

Listed: TypeAlias = tuple[str, str]
"""A file's name, and its sha256."""


class Checksums:
    """The list of a folder that is being written."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / FILE).open("xb")
        self._seen = hashlib.sha256()
        self.files = 0
        self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, name: str, sha256: str, size: int) -> None:
        line = f"{sha256}  {name}\n".encode()
        self._file.write(line)
        self._seen.update(line)
        self.files += 1
        self.bytes += size

    def finish(self) -> str:
        """Returns the list's own checksum."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._seen.hexdigest()


def checksum(path: Path, *, sync: bool = False) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if sync:
            os.fsync(file.fileno())
    return digest


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def listed(folder: Path) -> Iterator[Listed]:
    with (folder / FILE).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line[66:].rstrip("\n"), line[:64]


def check(folder: Path, name: str, expected: str) -> None:
    try:
        found = checksum(folder / name)
    except OSError as error:
        raise StoreDamaged(f"{folder / name} cannot be read: {error.strerror}.") from error
    if found != expected:
        raise StoreDamaged(f"{folder / name} is damaged: it is not what the backup left there.")
