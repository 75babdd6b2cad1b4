"""Who may ask now: so many at once in all, and so many at once of one host."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from weakref import WeakValueDictionary


class Turns:
    def __init__(self, concurrency: int, per_host: int) -> None:
        self._all = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, host: str, clock: asyncio.Timeout) -> AsyncIterator[None]:
        """The host's turn first: those who wait for a slow host must not keep the others from theirs."""
        of_host = self._hosts.setdefault(host, asyncio.Semaphore(self._per_host))
        with _stopped(clock):
            await of_host.acquire()
        try:
            with _stopped(clock):
                await self._all.acquire()
            try:
                yield
            finally:
                self._all.release()
        finally:
            of_host.release()


@contextmanager
def _stopped(clock: asyncio.Timeout) -> Iterator[None]:
    """A queue of our own making is not the server's slowness."""
    ends = clock.when()
    loop = asyncio.get_running_loop()
    began = loop.time()
    clock.reschedule(None)
    try:
        yield
    finally:
        clock.reschedule(None if ends is None else ends + loop.time() - began)
