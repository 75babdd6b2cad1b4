"""Counts that take a large catalogue long, asked for no oftener than it can afford."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_LARGE = 100_000
_BELIEVED_FOR = 20


class Counted(Generic[T]):
    """A small catalogue is counted each time it is asked for, so that the answer has seen every write.

    The answer for a large one is shared by all who ask while it is on its way, and then believed for a multiple of the
    time that it took.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], size: Callable[[T], int]) -> None:
        self._ask = ask
        self._size = size
        self._asking: asyncio.Task[T] | None = None
        self._large: T | None = None
        self._believed_until = 0.0

    async def get(self) -> T:
        if self._large is None:
            return await self._asked()
        if time.monotonic() < self._believed_until:
            return self._large
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._asked())
        return await asyncio.shield(self._asking)

    async def _asked(self) -> T:
        started = time.monotonic()
        answer = await self._ask()
        ended = time.monotonic()
        self._large = answer if self._size(answer) >= _LARGE else None
        self._believed_until = ended + _BELIEVED_FOR * (ended - started)
        return answer
