"""A question that may take long, asked for those who will not wait long."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Inquiry(Generic[T]):
    """One at a time is on its way, however many ask. Nobody who stops waiting stops it: what hangs is found to hang,
    and what takes long is answered to whoever asks later."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._ask = ask
        self._asking: asyncio.Task[T] | None = None

    async def answer(self, within_s: float) -> T:
        """Raises TimeoutError."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(_seen)
        async with asyncio.timeout(within_s):
            return await asyncio.shield(self._asking)


def _seen(asking: "asyncio.Task[Any]") -> None:
    """Its failure may find nobody who still waits; asyncio would call that a mistake."""
    if not asking.cancelled():
        asking.exception()
