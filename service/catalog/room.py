"""Bytes that may be in memory at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Room:
    """Whoever takes more than there is waits until the others are gone. It is taken in one piece: two who each held
    a part and waited for the rest would wait for ever."""

    def __init__(self, bytes_: int) -> None:
        self._bytes = bytes_
        self._taken = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def of(self, bytes_: int) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._taken or self._taken + bytes_ <= self._bytes)
            self._taken += bytes_
        try:
            yield
        finally:
            self._taken -= bytes_
            async with self._changed:
                self._changed.notify_all()
