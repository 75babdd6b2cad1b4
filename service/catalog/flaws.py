"""Pictures that are broken, and such as show nothing, told from the bytes that are kept.

An original was decoded when it was taken in, and is named by its bytes: so one that still has its name can be decoded.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial

from PIL import Image

from service.catalog.detail import detail
from service.catalog.errors import UnknownImage
from service.catalog.flaw import Flaw, Reason
from service.catalog.media import MediaStore
from service.catalog.pictures import sha256
from service.catalog.products import product_in
from service.catalog.sheet import picture_in
from service.catalog.together import few_at_once
from service.catalog.walking import Stretch, stretch
from service.store.base import Point, VectorStore
from service.store.filters import Filter

LEAST_DETAIL = 3.0
_LEAST_PIXELS = 48 * 48


class Flaws:
    def __init__(
        self, store: VectorStore, media: MediaStore, where: Filter | None, least_detail: float
    ) -> None:
        self._store = store
        self._media = media
        self._where = where
        self._least_detail = least_detail

    async def page(self, limit: int, cursor: str | None) -> Stretch[Flaw]:
        return await stretch(self._store, self._where, limit, cursor, self.look)

    async def look(self, points: Sequence[Point]) -> AsyncGenerator[Flaw | None]:
        for flaw in await few_at_once(partial(self._flaw, point) for point in points):
            yield flaw

    async def _flaw(self, point: Point) -> Flaw | None:
        image = point.payload["image"]
        reason = await self._of_original(image) or await self._of_thumbnail(image)
        # Of a product that was deleted a moment ago the files go after the point.
        if reason is None or not await self._store.retrieve([point.id]):
            return None
        return Flaw(product_in(point.payload), image, reason)

    async def _of_original(self, image: str) -> Reason | None:
        try:
            original = await self._media.original(image)
        except UnknownImage:
            return "original_missing"
        return None if await asyncio.to_thread(sha256, original) == image else "original_damaged"

    async def _of_thumbnail(self, image: str) -> Reason | None:
        """It shows what the original does: that is decoded but once, when it is taken in."""
        try:
            thumbnail = await self._media.thumbnail(image)
        except UnknownImage:
            return "thumbnail_missing"
        return await asyncio.to_thread(self._seen, thumbnail)

    def _seen(self, thumbnail: bytes) -> Reason | None:
        picture = picture_in(thumbnail)
        return "thumbnail_damaged" if picture is None else blankness(picture, self._least_detail)


def blankness(picture: Image.Image, least_detail: float) -> Reason | None:
    """Of a thumbnail, which is never larger than its picture."""
    if picture.width * picture.height < _LEAST_PIXELS:
        return "tiny"
    return "no_detail" if detail(picture) < least_detail else None
