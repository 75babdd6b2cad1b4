"""What a backup holds, as the live generation. Verified first; nothing that is there is touched."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from migrations import runner
from service.catalog.checksums import FILE, Listed, check, checksum, listed
from service.catalog.folders import check_room
from service.catalog.freezing import settle
from service.catalog.learned.shelf import Shelf
from service.catalog.manifest import Manifest, read_manifest
from service.catalog.media import MediaStore, original_path
from service.catalog.media_copies import Copier, is_media, size_of
from service.catalog.mirroring import OnProgress
from service.catalog.reading import pages
from service.store.base import Generation, Generations, Point, VectorStore
from service.store.errors import SchemaAhead

_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Restored:
    generation: Generation
    previous: Generation | None
    images: int
    pictures: int
    """How many files were copied: those that were there already are not counted."""
    learned: int
    """How many files of its model were put on the shelf: those that were there already are not counted."""
    lacking: int
    """Images whose original is nowhere: they are found and not shown, and cannot be embedded anew."""


class Restore:
    def __init__(
        self, generations: Generations, media: MediaStore, data_dir: Path, on_progress: OnProgress
    ) -> None:
        self._generations = generations
        self._media = media.folder
        self._data_dir = data_dir
        self._shelf = Shelf(data_dir)
        self._on_progress = on_progress

    async def run(self, folder: Path) -> Restored:
        manifest = await asyncio.to_thread(read_manifest, folder)
        _check_version(manifest)
        await asyncio.to_thread(check, folder, FILE, manifest.checksums)
        check_room(self._data_dir, await self._verify(folder, manifest.files))
        pictures = await self._copy_media(folder, manifest.files)
        learned = await asyncio.to_thread(self._shelf.restore, folder)
        return await self._switch(folder, pictures, learned)

    async def _verify(self, folder: Path, files: int) -> int:
        """How many bytes of it are not here yet."""
        needed = done = 0
        for chunk in _chunks(folder):
            needed += await asyncio.to_thread(self._verify_all, folder, chunk)
            self._on_progress("verifying", done := done + len(chunk), files)
        return needed

    def _verify_all(self, folder: Path, chunk: Sequence[Listed]) -> int:
        for name, digest in chunk:
            check(folder, name, digest)
        return sum(self._needs(folder, name) for name, _ in chunk)

    def _needs(self, folder: Path, name: str) -> int:
        size = (folder / name).stat().st_size
        if (media := _media(name)) and self._media is not None:
            return 0 if size_of(self._media / media) == size else size
        if name.startswith("models/"):
            return size
        # A server's own disk cannot be seen from here.
        return size if name.startswith("store/") and self._generations.kind == "embedded" else 0

    async def _copy_media(self, folder: Path, files: int) -> int:
        if self._media is None:
            return 0
        copied = done = 0
        with Copier(folder / "media", self._media) as copier:
            for chunk in _chunks(folder):
                names = await asyncio.to_thread(_not_yet_in, self._media, chunk)
                copied += len(await copier.copy(names))
                self._on_progress("pictures", done := done + len(chunk), files)
            await asyncio.to_thread(copier.sync)
        return copied

    async def _switch(self, folder: Path, pictures: int, learned: int) -> Restored:
        self._on_progress("store", 0, 1)
        previous = await self._generations.live()
        generation = await self._generations.restore(folder / "store")
        if previous is not None:
            await settle(self._generations, previous)  # a service that still runs on it must not write there
        store = self._generations.open(generation)
        await store.load()
        images = await store.count()
        lacking = await self._lacking(store)
        self._on_progress("store", 1, 1)
        return Restored(generation, previous, images, pictures, learned, lacking)

    async def _lacking(self, store: VectorStore) -> int:
        if self._media is None:
            return 0
        lacking = 0
        async for points in pages(store):
            lacking += await asyncio.to_thread(_without_original, self._media, points)
        return lacking


def _check_version(manifest: Manifest) -> None:
    known = {revision.revision for revision in runner.discover()}
    if ahead := sorted({*manifest.generation.revisions} - known):
        raise SchemaAhead(
            f"The backup has the revisions {', '.join(ahead)}, which this version does not know. "
            "Restore it with the version that wrote it, or a newer one."
        )


def _chunks(folder: Path) -> Iterator[Sequence[Listed]]:
    lines = listed(folder)
    while chunk := [*islice(lines, _CHUNK)]:
        yield chunk


def _media(name: str) -> str | None:
    below = name.removeprefix("media/")
    return below if below != name and is_media(below) else None


def _not_yet_in(media: Path, chunk: Sequence[Listed]) -> list[str]:
    """What is there already and whole is not copied: a restore that was killed goes on from there."""
    return [name for full, digest in chunk if (name := _media(full)) and not _is_there(media / name, digest)]


def _is_there(path: Path, digest: str) -> bool:
    try:
        return checksum(path) == digest
    except FileNotFoundError:
        return False


def _without_original(media: Path, points: Sequence[Point]) -> int:
    return sum(not (media / original_path(point.payload["image"])).exists() for point in points)
