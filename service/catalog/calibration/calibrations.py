"""The calibration in use: found with its generation, measured when there is none or the catalogue has changed a lot."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import numpy as np
from numpy.typing import NDArray

from embedder import Embedder, EmbedderError
from service.catalog.calibration.calibration import Calibration
from service.catalog.calibration.measuring import Measuring, Rest
from service.catalog.calibration.nothing import KINDS, nothing
from service.catalog.calibration.packing import packed, unpacked
from service.catalog.calibration.scale import FEWEST_SCORES
from service.store.base import Generations, VectorStore
from service.store.errors import StoreError

log = logging.getLogger(__name__)

_GOOD_SHARE = 0.25
_LOOKED_AT_EVERY_S = 3.0
_AFTER_A_FAILURE_S = 60.0
_LONGEST_REST_S = 1.0
_AT_ONCE = 4


class Calibrations:
    def __init__(self, generations: Generations, store: VectorStore, embedder: Embedder) -> None:
        self._generations = generations
        self._store = store
        self._embedder = embedder
        self._nothing: dict[str, NDArray[np.float32]] = {}
        self._too_few = 0
        self.current: Calibration | None = None

    def calibrated(self) -> Calibration | None:
        return self.current

    async def load(self) -> None:
        generation = self._store.generation
        text = await self._generations.calibration(generation)
        if text is not None:
            self.current = unpacked(text, generation.identity.fingerprint) or self.current

    async def measure(self, rest: Rest | None = None) -> None:
        """What is in use stays until the new one is kept."""
        rest = rest or _none
        images = await self._store.count(exact=False)
        if images < FEWEST_SCORES:
            self.current = None
            return
        calibration = await Measuring(self._store, rest).run(await self._pictures_of_nothing(rest))
        self._too_few = 0 if calibration else images
        if calibration is not None:
            await self._generations.keep_calibration(self._store.generation, packed(calibration))
        self.current = calibration

    async def try_to_measure(self, rest: Rest | None = None) -> bool:
        """If it is time. Whatever goes wrong, everything else does without it."""
        try:
            await self.measure_if_due(rest)
        except Exception as error:
            expected = isinstance(error, StoreError | EmbedderError)
            log.warning("calibration: %s", error, exc_info=None if expected else error)
            return False
        return True

    async def measure_if_due(self, rest: Rest | None = None) -> None:
        images = await self._store.count(exact=False)
        if self._is_due(images):
            await self.load()  # another process may have seen to it
        if self._is_due(images):
            await self.measure(rest)

    def _is_due(self, images: int) -> bool:
        measured = self.current.images if self.current else self._too_few
        return images >= FEWEST_SCORES and abs(images - measured) > _GOOD_SHARE * measured

    async def _pictures_of_nothing(self, rest: Rest) -> Mapping[str, NDArray[np.float32]]:
        """Embedded once, a few at a time: whoever searches meanwhile waits behind no more."""
        if not self._nothing:
            vectors: dict[str, list[NDArray[np.float32]]] = defaultdict(list)
            for first in range(0, len(KINDS), _AT_ONCE):
                started = time.perf_counter()
                embedded = await asyncio.to_thread(
                    self._embedded, range(len(KINDS))[first : first + _AT_ONCE]
                )
                for kind, vector in zip(KINDS[first:], embedded, strict=False):
                    vectors[kind].append(vector)
                await rest(time.perf_counter() - started)
            self._nothing = {kind: np.stack(of_kind) for kind, of_kind in vectors.items()}
        return self._nothing

    def _embedded(self, numbers: range) -> NDArray[np.float32]:
        return self._embedder.submit([self._embedder.prepare(nothing(number)) for number in numbers]).result()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """In the background, and half the time at most."""
        working = asyncio.create_task(self._work())
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def _work(self) -> None:
        while True:
            done = await self.try_to_measure(_as_long)
            await asyncio.sleep(_LOOKED_AT_EVERY_S if done else _AFTER_A_FAILURE_S)


async def _none(_: float) -> None:
    """A command has nobody to let go first."""


async def _as_long(seconds: float) -> None:
    await asyncio.sleep(min(seconds, _LONGEST_REST_S))
