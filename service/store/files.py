"""Files that are whole or absent, whatever happens while they are written; and a directory's single owner."""

import contextlib
import fcntl
import os
from collections.abc import Sequence
from pathlib import Path

from service.store.errors import StoreBusy


def write_atomically(path: Path, text: str) -> None:
    making = path.with_name(f".{path.name}.making")
    with making.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
    sync(path.parent)


def sync_files(files: Sequence[Path]) -> None:
    """The files, and the two folders above each, which may be new as well."""
    for path in dict.fromkeys([*files, *(f.parent for f in files), *(f.parent.parent for f in files)]):
        sync(path)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class DirectoryLock:
    """Held until released or until the process dies, whichever comes first: the kernel sees to it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = self._path.read_text(encoding="utf-8").strip() or "another process"
            self._file.close()
            raise StoreBusy(
                f"{folder} is in use by {owner}. One process owns an embedded store: stop that one, "
                "or ask it over its HTTP API."
            ) from error
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()}")
        self._file.flush()

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._file.truncate(0)
        self._file.close()
