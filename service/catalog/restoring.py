"""What a backup holds, as the live generation. Verified first; nothing that is there is touched."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from migrations import runner
from service.catalog.checksums import check, checksum, read_checksums
from service.catalog.folders import check_room
from service.catalog.freezing import settle
from service.catalog.manifest import Manifest, read_manifest
from service.catalog.media import MediaStore, original_path
from service.catalog.media_copies import Copied, copy_media
from service.catalog.mirroring import OnProgress, pages
from service.store.base import Generation, Generations
from service.store.errors import SchemaAhead

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Restored:
    generation: Generation
    previous: Generation | None
    images: int
    pictures: int
    """How many files were copied: those that were there already are not counted."""
    lacking: int
    """Images whose original is nowhere: they are found and not shown, and cannot be embedded anew."""


class Restore:
    def __init__(
        self, generations: Generations, media: MediaStore, data_dir: Path, on_progress: OnProgress
    ) -> None:
        self._generations = generations
        self._media = media.folder
        self._data_dir = data_dir
        self._on_progress = on_progress

    async def run(self, folder: Path) -> Restored:
        manifest = await asyncio.to_thread(read_manifest, folder)
        _check_version(manifest)
        sums = await asyncio.to_thread(read_checksums, folder, manifest.checksums)
        await self._verify(folder, sums)
        media = await asyncio.to_thread(self._new_media, sums)
        self._check_room(folder, [f"media/{name}" for name in media], [*sums])
        pictures = await self._copy(folder, media)
        return await self._switch(folder, pictures)

    async def _verify(self, folder: Path, sums: dict[str, str]) -> None:
        names = [*sums]
        for at in range(0, len(names), _CHUNK):
            for name in names[at : at + _CHUNK]:
                await asyncio.to_thread(check, folder, name, sums[name])
            self._on_progress("verifying", min(at + _CHUNK, len(names)), len(names))

    def _new_media(self, sums: dict[str, str]) -> list[str]:
        """What is there already and whole is not copied: a restore that was killed goes on from there."""
        if self._media is None:
            return []
        wanted = {
            name.removeprefix("media/"): digest for name, digest in sums.items() if name.startswith("media/")
        }
        return [name for name, digest in wanted.items() if not _is_there(self._media / name, digest)]

    def _check_room(self, folder: Path, media: list[str], names: list[str]) -> None:
        """A server's own disk cannot be seen from here."""
        store = (
            [name for name in names if name.startswith("store/")]
            if self._generations.kind == "embedded"
            else []
        )
        check_room(self._data_dir, sum((folder / name).stat().st_size for name in [*media, *store]))

    async def _copy(self, folder: Path, media: list[str]) -> int:
        copied = Copied()
        if self._media is not None and media:
            total = len(media)
            await copy_media(
                folder / "media",
                self._media,
                media,
                copied,
                lambda done: self._on_progress("pictures", done, total),
            )
        return len(copied.sums)

    async def _switch(self, folder: Path, pictures: int) -> Restored:
        self._on_progress("store", 0, 1)
        previous = await self._generations.live()
        generation = await self._generations.restore(folder / "store")
        if previous is not None:
            await settle(self._generations, previous)  # a service that still runs on it must not write there
        store = self._generations.open(generation)
        await store.load()
        images = await store.count()
        lacking = 0
        if self._media is not None:
            async for points in pages(store):
                files = {self._media / original_path(point.payload["image"]) for point in points}
                lacking += sum(not file.exists() for file in files)
        self._on_progress("store", 1, 1)
        return Restored(generation, previous, images, pictures, lacking)


def _check_version(manifest: Manifest) -> None:
    known = {revision.revision for revision in runner.discover()}
    if ahead := sorted({*manifest.generation.revisions} - known):
        raise SchemaAhead(
            f"The backup has the revisions {', '.join(ahead)}, which this version does not know. "
            "Restore it with the version that wrote it, or a newer one."
        )


def _is_there(path: Path, digest: str) -> bool:
    try:
        return checksum(path) == digest
    except FileNotFoundError:
        return False
