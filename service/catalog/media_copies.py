"""Originals and thumbnails from folder to folder. A file is named by its image's sha256 and never changes."""

import asyncio
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from service.store.files import sync

_MEDIA = re.compile(r"originals/([0-9a-f]{2})/\1[0-9a-f]{62}|thumbnails/([0-9a-f]{2})/\2[0-9a-f]{62}\.jpg")
_THREADS = 8  # each waits for the disk with its own file
_CHUNK = 256


@dataclass(slots=True)
class Copied:
    """Names below the media folder, each with its sha256."""

    sums: dict[str, str] = field(default_factory=dict)
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)


def media_in(folder: Path) -> list[str]:
    """What is whole: an object still being written has a name of another form."""
    return [name for name in _files(folder) if _MEDIA.fullmatch(name)]


def size_of(folder: Path, names: Sequence[str]) -> int:
    total = 0
    for name in names:
        try:
            total += (folder / name).stat().st_size
        except FileNotFoundError:
            continue
    return total


async def copy_media(
    source: Path, target: Path, names: Sequence[str], copied: Copied, on_progress: Callable[[int], None]
) -> None:
    """What vanished is passed over; an original that is not what its name says is told, and not copied."""
    folders = {(target / name).parent for name in names}
    await asyncio.to_thread(_make, folders)
    with ThreadPoolExecutor(_THREADS) as threads:
        loop = asyncio.get_running_loop()
        for at in range(0, len(names), _CHUNK):
            chunk = names[at : at + _CHUNK]
            copying = [loop.run_in_executor(threads, _copy, source, target, name) for name in chunk]
            for name, result in zip(chunk, await asyncio.gather(*copying), strict=True):
                _note(name, result, copied)
            on_progress(at + len(chunk))
    await asyncio.to_thread(_sync, folders)


def _copy(source: Path, target: Path, name: str) -> tuple[str, int] | None:
    try:
        data = (source / name).read_bytes()
    except FileNotFoundError:
        return None
    digest = hashlib.sha256(data).hexdigest()
    if not _is_damaged(name, digest):
        write_whole(target / name, data)
    return digest, len(data)


def write_whole(path: Path, data: bytes) -> None:
    """Under another name first: whoever finds the file finds all of it."""
    making = path.with_name(f".{path.name}.making")
    with making.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)


def _note(name: str, result: tuple[str, int] | None, copied: Copied) -> None:
    if result is None:
        return
    digest, size = result
    if _is_damaged(name, digest):
        copied.damaged.append(name)
    else:
        copied.sums[name] = digest
        copied.bytes += size


def _is_damaged(name: str, digest: str) -> bool:
    return name.startswith("originals/") and not name.endswith(digest)


def _files(folder: Path) -> Iterator[str]:
    for kind in ("originals", "thumbnails"):
        for shelf in sorted((folder / kind).glob("*")):
            yield from (f"{kind}/{shelf.name}/{file.name}" for file in os.scandir(shelf))


def _make(folders: set[Path]) -> None:
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)


def _sync(folders: set[Path]) -> None:
    above = {parent for folder in folders for parent in (folder.parent, folder.parent.parent)}
    for folder in folders | above:
        sync(folder)
