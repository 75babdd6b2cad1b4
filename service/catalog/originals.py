"""The vector of an image that the catalogue holds, from its stored original."""

import asyncio
from collections.abc import Sequence

from embedder import ImageError
from service.catalog.errors import UnknownImage
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader, sha256
from service.catalog.together import all_done
from service.store.base import Point, Vector, VectorStore
from service.store.errors import StoreDamaged

_MEND = "Delete the product, and add it again if you have its images; then run this again."


class Originals:
    def __init__(self, reader: PictureReader, media: MediaStore) -> None:
        self._reader = reader
        self._media = media

    async def vectors(self, points: Sequence[Point], source: VectorStore) -> list[Vector | None]:
        return await all_done(self._vector(point, source) for point in points)

    async def _vector(self, point: Point, source: VectorStore) -> Vector | None:
        """None where its product was deleted a moment ago: the original goes after the point."""
        try:
            original = await self._media.original(point.payload["image"])
        except UnknownImage:
            if not await source.retrieve([point.id]):
                return None
            original = await self._put_back(point)
        if await asyncio.to_thread(sha256, original) != point.payload["image"]:
            raise StoreDamaged(f"The original of {_named(point)} is damaged. {_MEND}")
        try:
            return (await self._reader.read_query(original)).vector
        except ImageError as error:
            raise StoreDamaged(f"The original of {_named(point)} cannot be read: {error} {_MEND}") from error

    async def _put_back(self, point: Point) -> bytes:
        """Deleted and added again in between; or really lost."""
        try:
            return await self._media.original(point.payload["image"])
        except UnknownImage as error:
            raise UnknownImage(f"The original of {_named(point)} is missing. {_MEND}") from error


def _named(point: Point) -> str:
    return f"image {point.payload['image']} of product {point.payload['product_id']!r}"
