"""A Qdrant server that is not there, or is there and silent, or talks rubbish: our own error, within the deadline."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from service.store.base import Generation, Identity
from service.store.errors import StoreTimedOut, StoreUnavailable
from service.store.opening import open_server
from tests.service.store.points import point, vector

pytestmark = pytest.mark.anyio

TIMEOUT_S = 1.0
GENERATION = Generation("products_000001", Identity("test.unit.1", 8, "cosine"))


@asynccontextmanager
async def listening(misbehaviour: str) -> AsyncIterator[int]:
    connections: set[asyncio.StreamWriter] = set()

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        if misbehaviour == "rubbish":
            writer.write(b"220 this is no Qdrant\r\n" * 10)
        while misbehaviour == "silent" and await reader.read(65536):
            pass
        writer.close()

    server = await asyncio.start_server(behave, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
    for connection in connections:
        connection.close()
        with contextlib.suppress(ConnectionError):
            await connection.wait_closed()


async def check_every_call_fails(port: int, kind: type[Exception]) -> None:
    generations = open_server(
        f"http://127.0.0.1:{port}", grpc_port=port, api_key=None, collection="products", timeout_s=TIMEOUT_S
    )
    store = generations.open(GENERATION)
    calls: list[Callable[[], Awaitable[object]]] = [
        generations.live,
        store.count,
        lambda: store.query(vector(1)),
        lambda: store.upsert([point(1, vector(1))]),
        lambda: store.scroll(),
        lambda: store.facet("categories"),
    ]
    for call in calls:
        started = time.perf_counter()
        with pytest.raises(kind):
            await call()
        assert time.perf_counter() - started < TIMEOUT_S * 1.5
    await generations.aclose()


@pytest.mark.parametrize("misbehaviour", ["hangs up", "rubbish", "silent"])
async def test_a_server_that_misbehaves_is_unavailable_within_the_deadline(misbehaviour: str) -> None:
    async with listening(misbehaviour) as port:
        await check_every_call_fails(port, StoreTimedOut if misbehaviour == "silent" else StoreUnavailable)


async def test_a_port_nobody_listens_on_is_unavailable_at_once() -> None:
    async with listening("silent") as port:
        pass
    await check_every_call_fails(port, StoreUnavailable)
