"""Originals, so that a change of model needs nobody's help, and thumbnails, which are what a page of results shows.

Content-addressed: an image is kept once, however many products show it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from service.catalog.errors import UnknownImage
from service.catalog.together import all_done
from service.store.errors import StoreRefused, StoreUnavailable
from service.store.files import sync_files

if TYPE_CHECKING:
    from obstore import GetResult


def open_media(url: str | None, data_dir: Path) -> "MediaStore":
    """A folder below the data directory, or whatever the URL names (`s3://bucket/prefix`)."""
    if url is None:
        folder = data_dir / "media"
        return MediaStore(LocalStore(folder, mkdir=True, automatic_cleanup=True), folder)
    try:
        return MediaStore(from_url(url))
    except (BaseError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise StoreRefused(f"VIZINHO_MEDIA_URL names no place that can be used: {reason}") from error


_CHUNK_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An original, of which no more is in memory than is on its way: whoever reads it may be slow."""

    size: int
    head: bytes
    rest: AsyncIterator[bytes]

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self.head
        async for chunk in self.rest:
            yield chunk


class MediaStore:
    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @property
    def folder(self) -> Path | None:
        """None where the media are elsewhere, and kept there by other means."""
        return self._folder

    async def put(self, image: str, original: bytes, thumbnail: bytes) -> None:
        try:
            await obstore.put_async(self._store, original_path(image), original)
            await obstore.put_async(self._store, thumbnail_path(image), thumbnail)
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"The image could not be kept: {error}") from error

    async def sync(self, images: Sequence[str]) -> None:
        """After this a power cut cannot take them. Object stores need none of it; a folder does."""
        if self._folder is not None and images:
            files = [
                self._folder / path(image) for image in images for path in (original_path, thumbnail_path)
            ]
            await asyncio.to_thread(sync_files, files)

    async def keeps(self, image: str, size: int) -> bool:
        """Both files are there, and the original is as long as it should be."""
        original, thumbnail = await all_done(
            self._size_of(path) for path in (original_path(image), thumbnail_path(image))
        )
        return original == size and thumbnail > 0

    async def opened(self, image: str) -> OpenedImage:
        """The image, to be sent as it was taken in."""
        answer = await self._found(original_path(image), image)
        rest = aiter(answer.stream(min_chunk_size=_CHUNK_BYTES))
        try:
            head = await anext(rest, b"")
        except (BaseError, OSError) as error:
            raise _unread(error) from error
        return OpenedImage(answer.meta["size"], head, rest)

    async def original(self, image: str) -> bytes:
        return await self._get(original_path(image), image)

    async def thumbnail(self, image: str) -> bytes:
        return await self._get(thumbnail_path(image), image)

    async def _get(self, path: str, image: str) -> bytes:
        answer = await self._found(path, image)
        try:
            return bytes(await answer.bytes_async())
        except (BaseError, OSError) as error:
            raise _unread(error) from error

    async def _size_of(self, path: str) -> int:
        """0 where there is none."""
        try:
            return (await obstore.head_async(self._store, path))["size"]
        except FileNotFoundError:
            return 0
        except (BaseError, OSError) as error:
            raise _unread(error) from error

    async def _found(self, path: str, image: str) -> "GetResult":
        try:
            return await obstore.get_async(self._store, path)
        except FileNotFoundError as error:
            raise UnknownImage(f"There is no image {image!r}.") from error
        except (BaseError, OSError) as error:
            raise _unread(error) from error

    async def delete(self, image: str) -> None:
        for path in (original_path(image), thumbnail_path(image)):
            try:
                await obstore.delete_async(self._store, path)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise StoreUnavailable(f"The image could not be deleted: {error}") from error


def _unread(error: Exception) -> StoreUnavailable:
    return StoreUnavailable(f"The image could not be read: {error}")


def original_path(image: str) -> str:
    return f"originals/{image[:2]}/{image}"


def thumbnail_path(image: str) -> str:
    return f"thumbnails/{image[:2]}/{image}.jpg"
