"""Files that are whole or absent, whatever happens while they are written; and a directory's single owner."""

import asyncio
import contextlib
import errno
import fcntl
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from service.store import programs
from service.store.errors import StoreBusy, StoreFull, StoreRefused, StoreUnavailable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_PROCESS = "process "
_ORPHAN_PATIENCE_S = 1.0
_PAUSE_S = 0.05


def write_atomically(path: Path, text: str) -> None:
    write_whole(path, text.encode())
    sync(path.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Under another name first: whoever finds the file finds all of it. That it is there wants a sync of its folder."""
    making = path.with_name(f".{path.name}.making")
    try:
        with making.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        making.replace(path)
    except BaseException:
        making.unlink(missing_ok=True)
        raise


def sync_files(files: Sequence[Path]) -> None:
    """The files, and the two folders above each, which may be new as well."""
    for path in dict.fromkeys([*files, *(f.parent for f in files), *(f.parent.parent for f in files)]):
        sync(path)


def sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder, folder.parent]:
        sync(path)


@contextlib.asynccontextmanager
async def new_folder(folder: Path) -> AsyncIterator[Path]:
    """A folder to write into, which takes this name once it is whole."""
    making = folder.with_name(f"{folder.name}.making")
    try:
        await asyncio.to_thread(_begin, folder, making)
        yield making
        sync(making)
        making.rename(folder)
        sync(folder.parent)
    except OSError as error:
        kind = StoreFull if error.errno in _NO_ROOM else StoreRefused
        raise kind(f"{folder} could not be written: {error}") from error
    finally:
        await asyncio.to_thread(shutil.rmtree, making, ignore_errors=True)


def _begin(folder: Path, making: Path) -> None:
    if folder.exists():
        raise StoreRefused(f"{folder} is there already, and nothing is ever overwritten.")
    shutil.rmtree(making, ignore_errors=True)  # of one that was cut short
    making.mkdir(parents=True)


@contextlib.contextmanager
def disk_failures_told(what: str) -> Iterator[None]:
    """As errors of the store."""
    try:
        yield
    except OSError as error:
        kind = StoreFull if error.errno in _NO_ROOM else StoreUnavailable
        raise kind(f"{what}: {error}") from error


def check_room(folder: Path, bytes_: int, reserve_bytes: int) -> None:
    if shutil.disk_usage(folder).free - bytes_ < reserve_bytes:
        raise StoreFull(f"{bytes_:,} bytes do not fit on the disk of {folder} beside its reserve.")


async def copy_tree(source: Path, target: Path) -> None:
    """Without filling its holes, and without copying at all where the file system can share."""
    options = ("-a", "--reflink=auto", "--sparse=always")
    status, said = await programs.run(
        "cp", *options, str(source), str(target), env=os.environ | {"LC_ALL": "C"}
    )
    if status != 0:
        kind = errno.ENOSPC if "No space left" in said else errno.EIO
        raise OSError(kind, f"{source} could not be copied: {said}")


def nearest_existing(folder: Path) -> Path:
    """It, or the folder above it that is there: whose disk it will lie on."""
    return next(place for place in [folder, *folder.absolute().parents] if place.exists())


def disk_usage(folder: Path) -> int:
    """Roughly, where somebody is at work there."""
    used = 0
    for inner, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                used += (Path(inner) / name).lstat().st_blocks * 512
    return used


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_within(descriptor: int, patience_s: float) -> None:
    """For nobody else. Fails with a BlockingIOError where another holds on for longer."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


class DirectoryLock:
    """Held until released or until the process dies, whichever comes first: the kernel sees to it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file = self._path.open("ab+", buffering=0)
        try:
            self._take()
        except OSError as error:
            owner = self._owner() or "another process"
            self._file.close()
            raise StoreBusy(
                f"{folder} is in use by {owner}. One process owns an embedded store: stop that one, "
                "or ask it over its HTTP API."
            ) from error
        with contextlib.suppress(OSError):  # on a full disk it is owned by nobody in particular
            self._file.truncate(0)
            self._file.write(f"{_PROCESS}{os.getpid()}".encode())

    def _take(self) -> None:
        try:
            lock_within(self._file.fileno(), 0)
        except BlockingIOError:
            if not _is_gone(self._owner()):
                raise
            # A child that it was just starting holds on until it has become another program.
            lock_within(self._file.fileno(), _ORPHAN_PATIENCE_S)

    def _owner(self) -> str:
        return self._path.read_text(encoding="utf-8").strip()

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._file.truncate(0)
        fcntl.flock(self._file, fcntl.LOCK_UN)  # for a child that was just being started, too
        self._file.close()


def _is_gone(owner: str) -> bool:
    try:
        os.kill(int(owner.removeprefix(_PROCESS)), 0)
    except (OSError, OverflowError, ValueError) as error:  # or nobody is named
        return isinstance(error, ProcessLookupError)
    return False
