"""Bytes that may be in memory at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Room:
    """Whoever takes more than there is waits until the others are gone. It is taken in one piece: two who each held
    a part and waited for the rest would wait for ever. And in turn: nor does a large piece wait while ever more small
    ones come."""

    def __init__(self, bytes_: int) -> None:
        self._bytes = bytes_
        self._taken = 0
        self._turn = asyncio.Lock()
        self._left = asyncio.Event()

    @asynccontextmanager
    async def of(self, bytes_: int) -> AsyncIterator[None]:
        if bytes_:
            await self._take(bytes_)
        try:
            yield
        finally:
            self._taken -= bytes_
            self._left.set()

    async def _take(self, bytes_: int) -> None:
        async with self._turn:
            while self._taken and self._taken + bytes_ > self._bytes:
                self._left.clear()
                await self._left.wait()
            self._taken += bytes_
