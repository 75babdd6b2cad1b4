"""An image's bytes, made ready in one decoding: the pixels to embed and the thumbnail to show."""

import hashlib
import time
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from embedder import CropBox, Embedder, ImageError, ImageLimits, MicroBatcher, read_image
from service.catalog.colours import dominant_colours
from service.store.base import Vector

THUMBNAIL_SIDE = 320
_THUMBNAIL_QUALITY = 82


@dataclass(frozen=True, slots=True)
class Picture:
    vector: Vector
    thumbnail: bytes
    colours: list[str]


@dataclass(frozen=True, slots=True)
class QueryPicture:
    vector: Vector
    decode_s: float
    embed_s: float


class UnusablePicture(ImageError):
    """One of a product's."""

    def __init__(self, error: ImageError, position: int) -> None:
        super().__init__(error.code, str(error))
        self.where = ("images", position)


class PictureReader:
    """Decodes in the batcher's threads and embeds on its device; what it refuses it refuses with an ImageError."""

    def __init__(self, embedder: Embedder, batcher: MicroBatcher, limits: ImageLimits) -> None:
        self._embedder = embedder
        self._batcher = batcher
        self._limits = limits

    async def read(self, data: bytes) -> Picture:
        made: list[tuple[bytes, list[str]]] = []

        def prepare() -> NDArray[np.uint8]:
            picture = read_image(data, self._limits)
            made.append((_thumbnail(picture), dominant_colours(picture)))
            return self._embedder.prepare(picture)

        vector = await self._batcher.embed(prepare)
        return Picture(vector, *made[0])

    async def read_query(self, data: bytes, crop: CropBox | None = None) -> QueryPicture:
        """A query is looked at once and kept nowhere, so it needs no thumbnail."""
        decode_s = 0.0

        def prepare() -> NDArray[np.uint8]:
            nonlocal decode_s
            started = time.perf_counter()
            pixels = self._embedder.prepare(read_image(data, self._limits, crop=crop))
            decode_s = time.perf_counter() - started
            return pixels

        started = time.perf_counter()
        vector = await self._batcher.embed(prepare)
        return QueryPicture(vector, decode_s, time.perf_counter() - started - decode_s)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    file = BytesIO()
    small.save(file, "JPEG", quality=_THUMBNAIL_QUALITY)
    return file.getvalue()
