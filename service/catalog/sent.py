"""An image's bytes, as a client sends them in JSON: base64, or the address where they lie.

What came with a request was bounded when that was read. What is fetched for it has a room, one for all requests.
"""

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.catalog.errors import CatalogError
from service.catalog.fetching.fetcher import Fetcher
from service.catalog.room import Room

_FETCHED_BYTES = 256_000_000


class InvalidBase64(CatalogError):
    code = "invalid_base64"


class SentImages:
    def __init__(self, fetcher: Fetcher, max_image_bytes: int) -> None:
        self._fetcher = fetcher
        self.max_image_bytes = max_image_bytes
        self.room = Room(_FETCHED_BYTES)

    async def fetched(self, url: str) -> bytes:
        """For whoever has taken its room."""
        return await self._fetcher.fetch(url)

    @asynccontextmanager
    async def held(self, url: str) -> AsyncIterator[bytes]:
        """One alone, in its room until it is let go. Who holds one must not wait for another."""
        async with self.room.of(self.max_image_bytes):
            yield await self.fetched(url)

    @asynccontextmanager
    async def inside(self, text: str) -> AsyncIterator[bytes]:
        yield await self.decoded(text)

    async def decoded(self, text: str) -> bytes:
        return await asyncio.to_thread(_decoded, text)


def _decoded(text: str) -> bytes:
    """Browsers give images as `data:image/jpeg;base64,...`, which is taken as well."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidBase64("The image is no base64 text.") from error
