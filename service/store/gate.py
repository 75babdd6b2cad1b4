"""Many may pass, or one may hold: writes pass, and what needs a moment without writes holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.store.errors import StoreTimedOut


class WriteGate:
    def __init__(self) -> None:
        self._passing = 0
        self._nobody_passing = asyncio.Event()
        self._nobody_passing.set()
        self._holding = asyncio.Lock()

    @asynccontextmanager
    async def passing(self, within_s: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(within_s):
                await self._enter()
        except TimeoutError as error:
            raise StoreTimedOut(
                f"The store's files are being copied, and took no writes for {within_s:.0f} s. Nothing was written."
            ) from error
        try:
            yield
        finally:
            self._passing -= 1
            if self._passing == 0:
                self._nobody_passing.set()

    async def _enter(self) -> None:
        async with self._holding:  # behind whoever holds or waits to
            self._passing += 1
            self._nobody_passing.clear()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Those who are passing finish first; new ones wait."""
        async with self._holding:
            await self._nobody_passing.wait()
            yield
