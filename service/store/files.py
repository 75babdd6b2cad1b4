"""Files that are whole or absent, whatever happens while they are written; and a directory's single owner."""

import contextlib
import fcntl
import os
import subprocess
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


def sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder, folder.parent]:
        sync(path)


def copy_tree(source: Path, target: Path) -> None:
    """Without filling its holes, and without copying at all where the file system can share."""
    command = ["cp", "-a", "--reflink=auto", "--sparse=always", str(source), str(target)]
    done = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True)  # noqa: S603
    if done.returncode != 0:
        raise OSError(f"{source} could not be copied: {done.stderr.strip()}")


def disk_usage(folder: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*"))


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
        self._file = self._path.open("ab+", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = self._path.read_text(encoding="utf-8").strip() or "another process"
            self._file.close()
            raise StoreBusy(
                f"{folder} is in use by {owner}. One process owns an embedded store: stop that one, "
                "or ask it over its HTTP API."
            ) from error
        with contextlib.suppress(OSError):  # on a full disk it is owned by nobody in particular
            self._file.truncate(0)
            self._file.write(b"process %d" % os.getpid())

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._file.truncate(0)
        self._file.close()
