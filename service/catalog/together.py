"""Several steps at once, of which none goes on behind the caller's back."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")


async def all_done(steps: Iterable[Awaitable[T]]) -> list[T]:
    """Waits for every step before it tells of the first failure."""
    results = await asyncio.gather(*steps, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


async def few_at_once(steps: Iterable[Callable[[], Awaitable[T]]], few: int = 4) -> list[T]:
    """As all_done, where there are so many that others would wait behind them."""
    turns = asyncio.Semaphore(few)

    async def in_turn(step: Callable[[], Awaitable[T]]) -> T:
        async with turns:
            return await step()

    return await all_done(in_turn(step) for step in steps)


async def whole(step: Awaitable[T]) -> T:
    """Done to its end, which even whoever is cancelled, and cancelled again, waits for."""
    running = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({running})
        if not running.cancelled():
            running.exception()  # whoever was cancelled asks no more
        raise


async def to_its_end(step: Callable[..., T], *arguments: Any) -> T:
    """In a thread, which must not go on behind the caller's back either."""
    return await whole(asyncio.to_thread(step, *arguments))
