"""The clients, against a server whose answers are known."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from itertools import count

import pytest

from benchmarks.api.flood import flood
from benchmarks.api.load import load
from benchmarks.api.uploads import upload

pytestmark = pytest.mark.anyio

REQUEST = upload(b"\xff\xd8\xff and no more")
TIMING = "Server-Timing: decode;dur=1.50, embed;dur=2.25, search;dur=0.25"
Answering = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


def answer(status: int, *headers: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status} X", "Content-Length: 2", *headers])
    return f"{head}\r\n\r\n{{}}".encode()


async def served(answering: Answering, asking: Callable[[int], Awaitable[None]]) -> None:
    """A server that reads whole requests, for as long as it takes to ask it."""
    number = count()
    handled: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readexactly(len(REQUEST)):
                await answering(writer, next(number))

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handled.add(asyncio.create_task(handle(reader, writer)))

    async with await asyncio.start_server(connected, "127.0.0.1") as server:
        await asking(server.sockets[0].getsockname()[1])
        await asyncio.gather(*handled)


async def after_20_ms(writer: asyncio.StreamWriter, _number: int) -> None:
    await asyncio.sleep(0.02)
    head, _, body = answer(200, TIMING).partition(b"\r\n\r\n")
    for part in (head[:10], head[10:] + b"\r", b"\n\r\n", body):  # as a network may well tear it
        writer.write(part)
        await asyncio.sleep(0)


async def test_clients_that_ask_again_have_the_rate_and_the_stages_that_the_server_gives() -> None:
    async def asking(port: int) -> None:
        found = await load(port, [REQUEST], clients=8, seconds=0.1, ramp_s=0.1)
        assert found.latency
        assert found.per_s == pytest.approx(
            8000 / found.latency.p50_ms, rel=0.1
        )  # though they come all at once
        assert set(found.answers) == {"200"}
        assert 20 <= found.latency.p50_ms < 60
        assert found.stages_ms == {"decode": 1.5, "embed": 2.25, "search": 0.25}
        assert found.rest
        assert found.rest.p50_ms == pytest.approx(found.latency.p50_ms - 4, abs=0.5)

    await served(after_20_ms, asking)


async def test_a_lost_connection_is_told_of_and_the_other_clients_go_on() -> None:
    async def answering(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 1:
            writer.close()
        else:
            await after_20_ms(writer, number)

    async def asking(port: int) -> None:
        found = await load(port, [REQUEST], clients=3, seconds=0.2, ramp_s=0.1)
        assert found.answers.pop("lost") == 1
        assert found.answers["200"] > 5

    await served(answering, asking)


async def test_a_crowd_comes_when_it_comes_and_everything_that_it_hears_is_counted() -> None:
    async def answering(writer: asyncio.StreamWriter, number: int) -> None:
        if number % 10 == 0:
            writer.close()
        elif number % 10 == 1:
            await asyncio.sleep(0.3)  # nobody waits for this one before asking
            writer.write(answer(200))
        elif number % 10 == 2:
            writer.write(answer(503, "Connection: close"))
            writer.close()
        else:
            writer.write(answer(503))

    async def asking(port: int) -> None:
        found = await flood(port, [REQUEST], per_s=200, seconds=0.5)
        assert found.answers == {"200": 10, "503": 80, "lost": 10}
        assert found.accepted
        assert found.rejected
        assert found.accepted.p50_ms >= 300 > 150 > found.rejected.p50_ms
        assert found.connections >= 6

    await served(answering, asking)


async def test_nobody_there_is_a_refused_connection() -> None:
    async def asking(port: int) -> None:
        nobody.append(port)

    nobody: list[int] = []
    await served(after_20_ms, asking)
    found = await flood(nobody[0], [REQUEST], per_s=100, seconds=0.1)
    assert found.answers == {"refused": 10}
    assert found.accepted is None
