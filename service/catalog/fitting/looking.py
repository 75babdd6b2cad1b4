"""Pictures into pooled features: in order and always the same ones together, so that the same numbers come out."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from embedder import Embedder, Features, Fitter, ImageError, ImageLimits, read_image
from service.catalog.errors import CatalogError
from service.catalog.fitting.views import another_view
from service.catalog.quality.goods import Good, bytes_of

_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Look:
    """At a product, or at another view of it."""

    good: Good
    another: bool = False


class Looking:
    def __init__(self, embedder: Embedder, fitter: Fitter, limits: ImageLimits) -> None:
        self._embedder, self._fitter, self._limits = embedder, fitter, limits

    async def at(
        self, looks: Sequence[Look], on_progress: Callable[[int, int], None]
    ) -> AsyncGenerator[tuple[list[Look], Features]]:
        """Those that can be read, several at a time."""
        batches, done = _batches(looks), 0
        window = deque(self._begun(batch) for batch in islice(batches, self._embedder.lanes + 1))
        try:
            while window:
                looked, features = await window[0]
                window.popleft()
                window.extend(self._begun(batch) for batch in islice(batches, 1))
                on_progress(done := min(done + _TOGETHER, len(looks)), len(looks))
                if looked:
                    yield looked, features
        finally:
            for task in window:
                task.cancel()
            await asyncio.gather(*window, return_exceptions=True)

    def _begun(self, batch: list[Look]) -> "asyncio.Task[tuple[list[Look], Features]]":
        return asyncio.create_task(self._look(batch))

    async def _look(self, batch: list[Look]) -> tuple[list[Look], Features]:
        pictures = await asyncio.to_thread(lambda: [(look, self._pixels(look)) for look in batch])
        seen = [(look, pixels) for look, pixels in pictures if pixels is not None]
        if not seen:
            return [], []
        features = self._fitter.submit([pixels for _, pixels in seen])
        return [look for look, _ in seen], await asyncio.wrap_future(features)

    def _pixels(self, look: Look) -> NDArray[np.uint8] | None:
        try:
            picture = read_image(bytes_of(look.good.image, self._limits.max_bytes), self._limits)
        except (ImageError, CatalogError, OSError):
            return None  # an ingestion leaves it out as well
        return self._embedder.prepare(another_view(picture, look.good.id) if look.another else picture)


def _batches(looks: Sequence[Look]) -> Iterator[list[Look]]:
    for start in range(0, len(looks), _TOGETHER):
        yield list(looks[start : start + _TOGETHER])
