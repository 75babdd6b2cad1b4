"""Several steps at once, of which none goes on behind the caller's back."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def all_done(steps: Iterable[Awaitable[T]]) -> list[T]:
    """Waits for every step before it tells of the first failure."""
    results = await asyncio.gather(*steps, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
