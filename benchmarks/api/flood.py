"""Requests that come when they come, answered or not: what more people than can be served look like."""

import asyncio
import time
from contextlib import suppress
from itertools import count

from .connection import Answer, Connection
from .figures import Flood, flood_of

_LAST_ANSWER_S = 60.0
_MOST_CONNECTIONS = 4_000


class Crowd:
    """A request takes a connection on which nobody waits, as a browser or a proxy would, and a new one if there is
    none."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self._port, self._requests = port, requests
        self._turn = count()
        self._idle: list[Connection] = []
        self._connecting: set[asyncio.Task[None]] = set()
        self._answers: list[Answer] = []
        self._lags_s: list[float] = []
        self._refused = self._lost = 0
        self._unanswered = 0
        self._all_heard = asyncio.Event()
        self._most_connections = self._connections = 0

    async def arrive(self, per_s: float, seconds: float) -> None:
        started = time.perf_counter()
        for number in range(round(per_s * seconds)):
            due = started + number / per_s
            if (wait_s := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait_s)
            self._lags_s.append(time.perf_counter() - due)
            self._come()
            if not number % 20:
                await asyncio.sleep(0)  # who is late must hear the answers all the same

    def _come(self) -> None:
        request = self._requests[next(self._turn) % len(self._requests)]
        self._unanswered += 1
        self._all_heard.clear()
        if self._idle:
            self._idle.pop().ask(request)
        else:
            task = asyncio.create_task(self._come_anew(request, time.perf_counter()))
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)

    async def _come_anew(self, request: bytes, since: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            if self._connections >= _MOST_CONNECTIONS:
                raise ConnectionRefusedError("by this client, which has no more")
            self._connections += 1
            self._most_connections = max(self._most_connections, self._connections)
            _, connection = await loop.create_connection(
                lambda: Connection(self._answered, self._ended), "127.0.0.1", self._port
            )
        except OSError:
            self._refused += 1
            self._heard()
            return
        connection.ask(request, since)

    def _answered(self, connection: Connection, answer: Answer) -> None:
        self._answers.append(answer)
        self._heard()
        if answer.is_last:
            connection.close()
        else:
            self._idle.append(connection)

    def _ended(self, connection: Connection) -> None:
        self._connections -= 1
        if connection.waits:
            self._lost += 1
            self._heard()
        elif connection in self._idle:
            self._idle.remove(connection)

    def _heard(self) -> None:
        self._unanswered -= 1
        if not self._unanswered:
            self._all_heard.set()

    async def leave(self) -> Flood:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_heard.wait(), _LAST_ANSWER_S)
        for connection in list(self._idle):
            connection.close()
        return flood_of(
            self._answers,
            self._lags_s,
            refused=self._refused,
            lost=self._lost,
            unanswered=self._unanswered,
            connections=self._most_connections,
        )


async def flood(port: int, requests: list[bytes], per_s: float, seconds: float) -> Flood:
    crowd = Crowd(port, requests)
    await crowd.arrive(per_s, seconds)
    return await crowd.leave()
