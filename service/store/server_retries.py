"""Calls to the server under one deadline, repeated where that is safe."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from service.store.errors import StoreTimedOut
from service.store.server_calls import ENGINE_ERRORS, Failure, failure_of

T = TypeVar("T")

# Enough to outlive a connection that a server or a balancer closed, short enough that nobody queues behind it.
_ATTEMPTS = 5
_FIRST_PAUSE_S = 0.1


@asynccontextmanager
async def deadline(timeout_s: float) -> AsyncIterator[None]:
    """Held here as well as by gRPC: a server that accepts and stays silent must not hold a caller."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise StoreTimedOut(f"Qdrant did not answer within {timeout_s:g} s.") from error


async def read(timeout_s: float, ask: Callable[[], Awaitable[T]]) -> T:
    return await _repeated(timeout_s, ask, lambda failure: failure.passes)


async def write(timeout_s: float, ask: Callable[[], Awaitable[T]]) -> T:
    """Repeated only where the server has not heard of it.

    Every write of ours may be done twice. But one that was sent and not answered may still be waiting in the server,
    and would then be done after its repetition, and after whatever was written next: an old state would come back.
    So a connection that broke in the middle, or a deadline that passed, is told to the caller and not repeated.
    """
    return await _repeated(timeout_s, ask, lambda failure: failure.unheard)


async def _repeated(timeout_s: float, ask: Callable[[], Awaitable[T]], again: Callable[[Failure], bool]) -> T:
    ends = asyncio.get_running_loop().time() + timeout_s
    async with deadline(timeout_s):
        for attempt in range(_ATTEMPTS):
            try:
                return await ask()
            except ENGINE_ERRORS as error:
                failure = failure_of(error)
                pause_s = _pause_s(attempt, failure)
                late = asyncio.get_running_loop().time() + pause_s >= ends
                if late or attempt == _ATTEMPTS - 1 or not again(failure):
                    raise failure.error from error
            await asyncio.sleep(pause_s)
    raise AssertionError("the last attempt returns or raises")


def _pause_s(attempt: int, failure: Failure) -> float:
    """Full jitter: callers that failed together must not come back together."""
    if failure.retry_after_s is not None:
        return failure.retry_after_s
    return random.uniform(0.0, _FIRST_PAUSE_S * 2**attempt)
