"""So many clients, each of which asks again as soon as it has its answer."""

import asyncio
import math
import time
from dataclasses import dataclass, field
from itertools import count

from .connection import Answer, Connection
from .figures import Load, load_of

_RAMP_S = 1.0  # until the clients are spread as they will be
_PATIENCE_S = 120.0


@dataclass(slots=True)
class Client:
    """From one of its answers to another, so that all of its time is some answer's."""

    since: float = math.nan
    until: float = math.nan
    answers: list[Answer] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        good = sum(answer.status == 200 for answer in self.answers)
        return good / (self.until - self.since) if good else 0.0


class Clients:
    def __init__(self, port: int, requests: list[bytes], seconds: float, ramp_s: float) -> None:
        self._port, self._requests, self._seconds = port, requests, seconds
        self._turn = count()
        self._begin = time.perf_counter() + ramp_s
        self._end = math.inf
        self._lost = 0
        self._clients: dict[Connection, Client] = {}
        self._without_answer: set[Connection] = set()
        self._present: set[Connection] = set()
        self._all_gone = asyncio.Event()

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._answered, self._ended), "127.0.0.1", self._port
        )
        self._clients[connection] = Client()
        self._present.add(connection)
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
        if not self._without_answer and now >= self._begin:
            self._end = min(self._end, now + self._seconds)
            _note(self._clients[connection], answer, now)
        self._ask(connection)

    def _ended(self, connection: Connection) -> None:
        """A client that lost its connection gives up, and is told of in the figures."""
        self._lost += connection.waits
        self._present.discard(connection)
        self._without_answer.discard(connection)
        if not self._present:
            self._all_gone.set()

    async def finish(self) -> Load:
        async with asyncio.timeout(self._seconds + _PATIENCE_S):
            await self._all_gone.wait()
        clients = self._clients.values()
        answers = [answer for client in clients for answer in client.answers]
        return load_of(answers, sum(client.per_s for client in clients), self._lost)


def _note(client: Client, answer: Answer, now: float) -> None:
    if math.isnan(client.since):
        client.since = now
    else:
        client.answers.append(answer)
        client.until = now


async def load(
    port: int, requests: list[bytes], clients: int, seconds: float, ramp_s: float = _RAMP_S
) -> Load:
    """Counted while all of them are at it, neither at the start nor at the end."""
    all_of_them = Clients(port, requests, seconds, ramp_s)
    await asyncio.gather(*(all_of_them.connect() for _ in range(clients)))
    return await all_of_them.finish()
