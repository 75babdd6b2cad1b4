"""The live generation and its pictures into a folder, while the service reads and writes."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.catalog.checksums import Checksums, checksum, files_below
from service.catalog.folders import check_room, taking_shape
from service.catalog.learned.shelf import Shelf
from service.catalog.manifest import Manifest
from service.catalog.media import MediaStore, original_path, thumbnail_path
from service.catalog.media_copies import SHELVES, Copier, amount, chunks, on_shelf
from service.catalog.mirroring import OnProgress
from service.catalog.reading import pages
from service.store.base import Generations, Point, VectorStore
from service.store.errors import SchemaBehind

_PAYLOAD_BYTES = 2_000  # of one image, with its indexes: an estimate, for no store tells its size beforehand


@dataclass(frozen=True, slots=True)
class BackedUp:
    manifest: Manifest
    lacking: int
    """Images of the catalogue whose original or thumbnail is missing or damaged: so they are in the backup."""
    learned: list[str]
    """The files of its model, where it was learned."""


class Backup:
    def __init__(
        self, generations: Generations, media: MediaStore, data_dir: Path, on_progress: OnProgress
    ) -> None:
        self._generations = generations
        self._media = media.folder
        self._shelf = Shelf(data_dir)
        self._on_progress = on_progress

    async def run(self, destination: Path) -> BackedUp:
        live = await self._generations.live()
        if live is None:
            raise SchemaBehind("There is no catalogue to back up.")
        store = self._generations.open(live)
        await store.load()
        with taking_shape(destination) as making, Checksums(making) as sums:
            files = await self._check_room(store, making)
            with self._pictures(making, sums, files) as pictures:
                return await self._write(store, making, sums, pictures)

    async def _write(
        self, store: VectorStore, making: Path, sums: Checksums, pictures: "_Pictures | None"
    ) -> BackedUp:
        """Media before the store, for they take long, and after it, for those that came meanwhile.

        An image goes to the media before its point goes to the store, and leaves after it: so what the store's copy
        refers to is there, but for what was added and deleted again between the two.
        """
        if pictures is not None:
            await pictures.copy_new()
        self._on_progress("store", 0, 1)
        generation = await self._generations.backup(making / "store")
        if pictures is not None:
            await pictures.copy_new()
        lacking = 0 if pictures is None else await pictures.lacking(store)
        learned = await asyncio.to_thread(self._shelf.back_up, making, generation.identity.fingerprint)
        await asyncio.to_thread(_add_files, making, sums)
        self._on_progress("store", 1, 1)
        images, checksums = await store.count(), await asyncio.to_thread(sums.finish)
        manifest = Manifest(generation, images, sums.files, sums.bytes, pictures is not None, checksums)
        manifest.write(making)
        return BackedUp(manifest, lacking, learned)

    async def _check_room(self, store: VectorStore, making: Path) -> int:
        """How many media there are to copy."""
        needed = await store.count() * (store.generation.identity.dim * 4 + _PAYLOAD_BYTES)
        files, size = (0, 0) if self._media is None else await asyncio.to_thread(amount, self._media)
        learned = self._shelf.needed_by(store.generation.identity.fingerprint)
        check_room(making, needed + size + sum(file.stat().st_size for file in learned))
        return files

    @contextmanager
    def _pictures(self, making: Path, sums: Checksums, files: int) -> Iterator["_Pictures | None"]:
        if self._media is None:
            yield None
            return
        with Copier(self._media, making / "media") as copier:
            yield _Pictures(copier, sums, files, self._on_progress)


class _Pictures:
    """What has been copied is looked up in the backup itself: a list of it may be longer than memory is large."""

    def __init__(self, copier: Copier, sums: Checksums, files: int, on_progress: OnProgress) -> None:
        self._copier = copier
        self._sums = sums
        self._files = files
        self._on_progress = on_progress

    async def copy_new(self) -> None:
        for shelf in SHELVES:
            await self._copy(await asyncio.to_thread(self._new_on, shelf))

    async def lacking(self, store: VectorStore) -> int:
        lacking = 0
        async for points in pages(store):
            if names := await asyncio.to_thread(self._missing, points):
                await self._copy(names)
                if still := [point.id for point in points if self._missing([point])]:
                    lacking += len(await store.retrieve(still))  # what was deleted meanwhile lacks nothing
        return lacking

    async def _copy(self, names: Sequence[str]) -> None:
        for chunk in chunks(names):
            for copied in await self._copier.copy(chunk):
                self._sums.add(f"media/{copied.name}", copied.sha256, copied.size)
            self._on_progress("pictures", self._sums.files, max(self._files, self._sums.files))

    def _new_on(self, shelf: str) -> list[str]:
        return [*{*on_shelf(self._copier.source, shelf)}.difference(on_shelf(self._copier.target, shelf))]

    def _missing(self, points: Sequence[Point]) -> list[str]:
        images = {point.payload["image"] for point in points}
        names = [path(image) for image in images for path in (original_path, thumbnail_path)]
        return [name for name in names if not (self._copier.target / name).exists()]


def _add_files(making: Path, sums: Checksums) -> None:
    for file in (*files_below(making / "store"), *files_below(making / "models")):
        sums.add(str(file.relative_to(making)), checksum(file, sync=True), file.stat().st_size)
