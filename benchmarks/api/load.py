"""So many clients, each of which asks again as soon as it has its answer."""

import asyncio
import math
import time
from itertools import count

from .connection import Answer, Connection
from .figures import Load, load_of

_RAMP_S = 1.0  # until the clients are spread as they will be
_PATIENCE_S = 120.0


class Clients:
    """Counted is from where everybody has had an answer to the last one in time: a slow service answers in waves, and
    a part of one would be a matter of luck."""

    def __init__(self, port: int, requests: list[bytes], seconds: float, ramp_s: float) -> None:
        self._port, self._requests, self._seconds = port, requests, seconds
        self._turn = count()
        self._not_before = time.perf_counter() + ramp_s
        self._begin = self._end = self._last = math.inf
        self._answers: list[Answer] = []
        self._lost = 0
        self._open: set[Connection] = set()
        self._without_answer: set[Connection] = set()
        self._all_gone = asyncio.Event()

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._answered, self._ended), "127.0.0.1", self._port
        )
        self._open.add(connection)
        self._without_answer.add(connection)
        self._ask(connection)

    def _ask(self, connection: Connection) -> None:
        connection.ask(self._requests[next(self._turn) % len(self._requests)])

    def _answered(self, connection: Connection, answer: Answer) -> None:
        now = time.perf_counter()
        self._without_answer.discard(connection)
        if now >= self._end:
            connection.close()
            return
        if now > self._begin:
            self._answers.append(answer)
            self._last = now
        elif not self._without_answer and now >= self._not_before:
            self._begin, self._end = now, now + self._seconds
        self._ask(connection)

    def _ended(self, connection: Connection) -> None:
        """A client that lost its connection gives up, and is told of in the figures."""
        self._lost += connection.waits
        self._open.discard(connection)
        self._without_answer.discard(connection)
        if not self._open:
            self._all_gone.set()

    async def finish(self) -> Load:
        async with asyncio.timeout(self._seconds + _PATIENCE_S):
            await self._all_gone.wait()
        return load_of(self._answers, self._last - self._begin, self._lost)


async def load(
    port: int, requests: list[bytes], clients: int, seconds: float, ramp_s: float = _RAMP_S
) -> Load:
    """Counted while all of them are at it, neither at the start nor at the end."""
    all_of_them = Clients(port, requests, seconds, ramp_s)
    await asyncio.gather(*(all_of_them.connect() for _ in range(clients)))
    return await all_of_them.finish()
