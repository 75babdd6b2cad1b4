"""Originals and thumbnails from folder to folder. A file is named by its image's sha256 and never changes.

There may be tens of millions: they are listed one shelf at a time (`originals/00`), and copied a few at a time.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from service.store.files import sync, write_whole

SHELVES = [f"{kind}/{number:02x}" for kind in ("originals", "thumbnails") for number in range(256)]
_MEDIA = re.compile(r"originals/([0-9a-f]{2})/\1[0-9a-f]{62}|thumbnails/([0-9a-f]{2})/\2[0-9a-f]{62}\.jpg")
_THREADS = 8  # each waits for the disk with its own files
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Copied:
    name: str
    sha256: str
    size: int


class Copier:
    """What vanished is passed over, and so is an original that is not what its name says."""

    def __init__(self, source: Path, target: Path) -> None:
        self.source = source
        self.target = target
        self._folders: set[Path] = set()
        self._threads = ThreadPoolExecutor(_THREADS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def copy(self, names: Sequence[str]) -> list[Copied]:
        self._make_folders(names)
        loop = asyncio.get_running_loop()
        shares = [names[nth::_THREADS] for nth in range(min(_THREADS, len(names)))]
        copying = [
            loop.run_in_executor(self._threads, _copy_all, self.source, self.target, share)
            for share in shares
        ]
        return [copied for done in await asyncio.gather(*copying) for copied in done]

    def sync(self) -> None:
        for folder in self._folders | {self.target, *(folder.parent for folder in self._folders)}:
            sync(folder)

    def _make_folders(self, names: Sequence[str]) -> None:
        for folder in {(self.target / name).parent for name in names} - self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)


def is_media(name: str) -> bool:
    return _MEDIA.fullmatch(name) is not None


def on_shelf(folder: Path, shelf: str) -> list[str]:
    """What is whole: an object still being written has a name of another form."""
    try:
        with os.scandir(folder / shelf) as entries:
            return [
                name for entry in entries if is_media(name := f"{shelf}/{entry.name}") and entry.is_file()
            ]
    except (FileNotFoundError, NotADirectoryError):
        return []


def amount(folder: Path) -> tuple[int, int]:
    """How many files there are, and their bytes."""
    files = size = 0
    for shelf in SHELVES:
        for name in on_shelf(folder, shelf):
            files += 1
            size += size_of(folder / name)
    return files, size


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[at : at + _CHUNK] for at in range(0, len(names), _CHUNK))


def _copy_all(source: Path, target: Path, names: Sequence[str]) -> list[Copied]:
    return [copied for name in names if (copied := _copy(source, target, name)) is not None]


def _copy(source: Path, target: Path, name: str) -> Copied | None:
    try:
        data = (source / name).read_bytes()
    except FileNotFoundError:
        return None
    digest = hashlib.sha256(data).hexdigest()
    if name.startswith("originals/") and not name.endswith(digest):
        return None
    write_whole(target / name, data)
    return Copied(name, digest, len(data))
