"""An image's bytes, as a client sends them in JSON: base64, or the address where they lie."""

import asyncio
import base64
import binascii

from service.catalog.errors import CatalogError
from service.catalog.fetching.fetcher import Fetcher


class InvalidBase64(CatalogError):
    code = "invalid_base64"


class SentImages:
    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def fetched(self, url: str) -> bytes:
        return await self._fetcher.fetch(url)

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
