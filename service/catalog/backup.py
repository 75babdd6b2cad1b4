"""The live generation and its pictures into a folder, while the service reads and writes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.catalog.checksums import checksum, files_below, write_checksums
from service.catalog.folders import check_room, taking_shape
from service.catalog.manifest import Manifest
from service.catalog.media import MediaStore, original_path, thumbnail_path
from service.catalog.media_copies import Copied, copy_media, media_in, size_of
from service.catalog.mirroring import OnProgress, pages
from service.store.base import Generations, VectorStore
from service.store.errors import SchemaBehind
from service.store.filters import Equals

_PAYLOAD_BYTES = 2_000  # of one image, with its indexes: an estimate, for no store tells its size beforehand


@dataclass(frozen=True, slots=True)
class BackedUp:
    manifest: Manifest
    lacking: int
    """Images of the catalogue whose original or thumbnail is missing or damaged: so they are in the backup."""


class Backup:
    def __init__(self, generations: Generations, media: MediaStore, on_progress: OnProgress) -> None:
        self._generations = generations
        self._media = media.folder
        self._on_progress = on_progress
        self._copied = Copied()

    async def run(self, destination: Path) -> BackedUp:
        live = await self._generations.live()
        if live is None:
            raise SchemaBehind("There is no catalogue to back up.")
        store = self._generations.open(live)
        await store.load()
        with taking_shape(destination) as making:
            await self._check_room(store, making)
            return await self._write(store, making)

    async def _write(self, store: VectorStore, making: Path) -> BackedUp:
        """Media before the store, for they take long, and after it, for those that came meanwhile.

        An image goes to the media before its point goes to the store, and leaves after it: so what the store's copy
        refers to is there, but for what was added and deleted again between the two.
        """
        await self._copy_new_media(making)
        self._on_progress("store", 0, 1)
        generation = await self._generations.backup(making / "store")
        images = await self._images(store)
        await self._copy_new_media(making)
        lacking = await self._lacking(store, images, making)
        sums = await asyncio.to_thread(_checksums, making / "store")
        self._on_progress("store", 1, 1)
        size = self._copied.bytes + sum((making / name).stat().st_size for name in sums)
        sums |= {f"media/{name}": digest for name, digest in self._copied.sums.items()}
        checksums = await asyncio.to_thread(write_checksums, making, sums)
        has_media = self._media is not None
        manifest = Manifest(generation, await store.count(), len(sums), size, has_media, checksums)
        manifest.write(making)
        return BackedUp(manifest, lacking)

    async def _check_room(self, store: VectorStore, making: Path) -> None:
        needed = await store.count() * (store.generation.identity.dim * 4 + _PAYLOAD_BYTES)
        if self._media is not None:
            media = await asyncio.to_thread(media_in, self._media)
            needed += await asyncio.to_thread(size_of, self._media, media)
        check_room(making, needed)

    async def _copy_new_media(self, making: Path) -> None:
        if self._media is None:
            return
        there = await asyncio.to_thread(media_in, self._media)
        names = [name for name in there if name not in self._copied.sums]
        await self._copy(making, names)

    async def _copy(self, making: Path, names: Sequence[str]) -> None:
        if self._media is not None and names:
            total = len(names)
            await copy_media(
                self._media,
                making / "media",
                names,
                self._copied,
                lambda done: self._on_progress("pictures", done, total),
            )

    async def _images(self, store: VectorStore) -> set[str]:
        return {point.payload["image"] async for points in pages(store) for point in points}

    async def _lacking(self, store: VectorStore, images: set[str], making: Path) -> int:
        if self._media is None:
            return 0
        lacking = [image for image in images if self._lacks(image)]
        await self._copy(
            making, [path(image) for image in lacking for path in (original_path, thumbnail_path)]
        )
        still = [image for image in lacking if self._lacks(image)]
        return len([image for image in still if await store.count(Equals("image", image))])

    def _lacks(self, image: str) -> bool:
        return not {original_path(image), thumbnail_path(image)} <= self._copied.sums.keys()


def _checksums(store: Path) -> dict[str, str]:
    return {str(file.relative_to(store.parent)): checksum(file, sync=True) for file in files_below(store)}
