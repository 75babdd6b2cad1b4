"""An image's bytes, from wherever a source says that it lies."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from service.catalog.errors import CatalogError
from service.catalog.fetching.fetcher import Fetcher
from service.catalog.sources.base import ImagePlace, Url


class UnreadableImage(CatalogError):
    code = "unreadable_image"


class ImageFiles:
    def __init__(self, fetcher: Fetcher, max_bytes: int) -> None:
        self._fetcher = fetcher
        self._max_bytes = max_bytes

    async def read(self, place: ImagePlace) -> bytes:
        if isinstance(place, Url):
            return await self._fetcher.fetch(place.address)
        return await asyncio.to_thread(self._read, place)

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(self._max_bytes + 1)
        except OSError as error:
            raise UnreadableImage(f"The image cannot be read: {error.strerror}.") from error
        except ValueError as error:  # a name that no file can have
            raise UnreadableImage(f"The image cannot be read: {error}.") from error
        if len(data) > self._max_bytes:
            raise UnreadableImage(f"{path.name} is larger than the limit of {self._max_bytes:,} bytes.")
        return data

    async def bytes_of(self, places: Sequence[Sequence[ImagePlace]]) -> list[int]:
        """How many bytes each of them are together; of one that lies elsewhere, how many it may be."""
        return await asyncio.to_thread(lambda: [sum(map(self._bytes_of, several)) for several in places])

    def _bytes_of(self, place: ImagePlace) -> int:
        if isinstance(place, Url):
            return self._max_bytes
        try:
            return min(place.stat().st_size, self._max_bytes)
        except (OSError, ValueError):
            return 0
