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
    """Counted from one of its answers to another, so that all of the time is some answer's: those of a slow service
    come in waves, and how many waves fall into a time would be a matter of luck."""

    since: float = 0.0
    until: float = 0.0
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
        self._present: set[Connection] = set()
        self._awaited: set[Connection] = set()
        """Who has yet to have an answer before counting begins; and then, before it ends."""
        self._all_gone = asyncio.Event()

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(
            lambda: Connection(self._answered, self._ended), "127.0.0.1", self._port
        )
        self._clients[connection] = Client()
        self._present.add(connection)
        self._awaited.add(connection)
        self._ask(connection)

    def _ask(self, connection: Connection) -> None:
        connection.ask(self._requests[next(self._turn) % len(self._requests)])

    def _answered(self, connection: Connection, answer: Answer) -> None:
        now, client = time.perf_counter(), self._clients[connection]
        awaited = connection in self._awaited
        self._awaited.discard(connection)
        if self._end == math.inf:
            client.since = now
            if not self._awaited and now >= self._begin:
                self._end = now + self._seconds
                self._awaited |= self._present
        elif now < self._end or awaited:
            client.until = now
            client.answers.append(answer)
        if now >= self._end and not self._awaited:
            connection.close()
        else:
            self._ask(connection)

    def _ended(self, connection: Connection) -> None:
        """A client that lost its connection gives up, and is told of in the figures."""
        self._lost += connection.waits
        self._present.discard(connection)
        self._awaited.discard(connection)
        if not self._present:
            self._all_gone.set()

    async def finish(self) -> Load:
        async with asyncio.timeout(self._seconds + _PATIENCE_S):
            await self._all_gone.wait()
        clients = self._clients.values()
        answers = [answer for client in clients for answer in client.answers]
        return load_of(answers, sum(client.per_s for client in clients), self._lost)


async def load(
    port: int, requests: list[bytes], clients: int, seconds: float, ramp_s: float = _RAMP_S
) -> Load:
    """Counted while all of them are at it, neither at the start nor at the end."""
    all_of_them = Clients(port, requests, seconds, ramp_s)
    await asyncio.gather(*(all_of_them.connect() for _ in range(clients)))
    return await all_of_them.finish()
