"""A generation that takes no writes while somebody looks at it, and not for much longer than that somebody lives."""

import asyncio
import contextlib
import logging
import time
from types import TracebackType
from typing import Self

from service.store.base import Generation, Generations
from service.store.errors import StoreError, StoreTimedOut

log = logging.getLogger(__name__)

_SECONDS = 60.0


class Frozen:
    """Timed and renewed, so that a killed command leaves nothing frozen.

    When it is left, the generation takes writes again if it is still the live one; if another is, or if it was frozen
    for good, it never will: nobody would see what is written there.
    """

    def __init__(self, generations: Generations, generation: Generation, seconds: float = _SECONDS) -> None:
        self._generations = generations
        self._generation = generation
        self._seconds = seconds
        self._until: float | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._for_good = False

    async def __aenter__(self) -> Self:
        asked = time.monotonic()
        await self._renew()
        took = time.monotonic() - asked
        if took > self._seconds / 4:  # a store may have to wait for the last write that could still land
            self._seconds, self._until = 4 * took, None
            await self._renew()
        self._renewing = asyncio.create_task(self._keep())
        return self

    async def hold(self) -> None:
        """Fails where writes may have passed; else they are held off for a while yet."""
        if self._left() < self._seconds / 2:
            await self._renew()
        if self._left() <= 0 or not await self._generations.is_frozen(self._generation):
            raise StoreTimedOut(
                "Writes could not be held off for long enough. Nothing was switched; run it again."
            )

    async def for_good(self) -> None:
        """Before the catalogue goes live in another place. Undone if what comes after it fails."""
        await self._stop_renewing()
        await self._generations.freeze(self._generation)
        self._for_good = True

    def _left(self) -> float:
        return 0.0 if self._until is None else self._until - time.monotonic()

    async def _renew(self) -> None:
        asked = time.monotonic()
        await self._generations.freeze(self._generation, self._seconds)
        if self._until is None or self._left() > 0:  # renewed too late, it has lapsed for good
            self._until = asked + self._seconds

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / 4)
            try:
                await self._renew()
            except StoreError as error:
                log.warning("Writes to %s may not be held off for long: %s", self._generation.name, error)

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._stop_renewing()
        if self._for_good and error is None:
            return
        try:
            await settle(self._generations, self._generation)
        except StoreError as failure:
            if error is None:
                raise
            log.warning("%s takes writes again in %.0f s: %s", self._generation.name, self._seconds, failure)

    async def _stop_renewing(self) -> None:
        assert self._renewing is not None  # noqa: S101 - entered
        self._renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._renewing


async def settle(generations: Generations, generation: Generation) -> None:
    """Writes go to the live generation, and to no other."""
    live = await generations.live()
    if live is not None and live.name == generation.name:
        await generations.thaw(generation)
    else:
        await generations.freeze(generation)
