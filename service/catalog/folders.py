"""A folder that is whole or absent, and room enough for it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.catalog.errors import InvalidSource
from service.store.errors import StoreBusy, StoreFull
from service.store.files import lock_within, nearest_existing, sync

_SPARE_BYTES = 100_000_000


@contextmanager
def taking_shape(folder: Path) -> Iterator[Path]:
    """A folder beside it to write into, renamed when that has ended well. What a killed run left there is removed."""
    if folder.is_mount():  # beside it is another disk, and nothing can take its name
        raise InvalidSource(
            f"A disk is mounted at {folder}. Name a folder in it, such as {folder / 'backup'}."
        )
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InvalidSource(f"{folder} exists and is not empty.")
    making = folder.with_name(f".{folder.name}.making")
    making.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(making, os.O_RDONLY)
    try:
        _own(descriptor, making)
        yield from _written(making, folder)
    finally:
        os.close(descriptor)


def _written(making: Path, folder: Path) -> Iterator[Path]:
    try:
        _empty(making)
        yield making
        for inner, _, _ in os.walk(making):
            sync(Path(inner))
        making.rename(folder)
        sync(folder.parent)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _own(descriptor: int, making: Path) -> None:
    try:
        lock_within(descriptor, 0)
    except OSError as error:
        raise StoreBusy(f"{making} is being written by another process.") from error


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def check_room(folder: Path, needed_bytes: int) -> None:
    existing = nearest_existing(folder)
    free = shutil.disk_usage(existing).free
    if free < needed_bytes + _SPARE_BYTES:
        raise StoreFull(
            f"About {needed_bytes / 1e6:,.0f} MB are needed in {existing}, and {free / 1e6:,.0f} MB are free. "
            "Make room, then run this again."
        )
