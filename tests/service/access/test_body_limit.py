"""What bodies may take, alone and together: of memory, and of time."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from service import errors
from service.access import body_limit, patience
from service.access.body_limit import BodyLimit
from service.access.shares import Shares

pytestmark = pytest.mark.anyio

_MOST = 1_000


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """All bodies together may hold 16,000 bytes, those of one address half of it."""
    monkeypatch.setattr(body_limit, "_LEAST_MEMORY_BYTES", 0)
    app = FastAPI()
    app.add_middleware(BodyLimit, max_bytes=_MOST, timeout_s=0.5, larger={"/large": 100 * _MOST})
    errors.install(app)

    @app.post("/small")
    @app.post("/large")
    async def read(request: Request) -> int:
        return sum([len(part) async for part in request.stream()])

    return app


async def ask(app: FastAPI, body: Any, address: str = "192.0.2.1", path: str = "/small") -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        return await client.post(path, content=body)


async def held_back(bytes_: int, until: asyncio.Event) -> AsyncIterator[bytes]:
    yield bytes(bytes_)
    await until.wait()


async def test_all_that_is_in_flight_has_one_bound_and_one_address_half_of_it(app: FastAPI) -> None:
    go_on = asyncio.Event()
    holding = [
        asyncio.create_task(ask(app, held_back(_MOST, go_on), address))
        for address in 8 * ["192.0.2.1"] + 7 * ["192.0.2.2"]
    ]
    await asyncio.sleep(0.05)
    greedy = await ask(app, bytes(_MOST), "192.0.2.1")
    assert (greedy.status_code, greedy.json()["code"]) == (503, "overloaded")
    assert int(greedy.headers["retry-after"]) >= 1
    assert (await ask(app, bytes(_MOST), "192.0.2.3")).status_code == 200
    assert (await ask(app, bytes(_MOST + 1), "192.0.2.3")).status_code == 413
    holding.append(asyncio.create_task(ask(app, held_back(_MOST, go_on), "192.0.2.2")))
    await asyncio.sleep(0.05)
    assert (await ask(app, b"x", "192.0.2.3")).status_code == 503
    assert (await ask(app, bytes(50 * _MOST), "192.0.2.3", "/large")).status_code == 200, "it is on the disk"
    go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*holding)} == {200}
    for _ in range(20):
        assert (await ask(app, bytes(_MOST), "192.0.2.1")).status_code == 200, "all of it was given back"


async def test_a_body_that_brings_nothing_is_given_up_soon(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_LONGEST_SILENCE_S", 0.1)
    started = time.monotonic()
    answer = await ask(app, held_back(10, asyncio.Event()))
    assert (answer.status_code, answer.json()["code"]) == (408, "upload_too_slow")
    assert 0.09 < time.monotonic() - started < 0.4


async def test_a_thin_line_is_waited_for_and_one_that_holds_back_is_not(app: FastAPI) -> None:
    async def thin() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield bytes(2_000)
            await asyncio.sleep(0.1)

    async def much_at_once() -> AsyncIterator[bytes]:
        yield bytes(90_000)
        for _ in range(50):
            await asyncio.sleep(0.1)
            yield b"x"

    started = time.monotonic()
    thin_one, other = await asyncio.gather(
        ask(app, thin(), path="/large"), ask(app, much_at_once(), path="/large")
    )
    assert thin_one.text == "18000", "in more time than there is for one that brings nothing"
    assert other.status_code == 408
    assert time.monotonic() - started < 2


def test_shares_are_given_whole_or_not_at_all() -> None:
    shares = Shares(10, 6)
    assert shares.take("a", 4)
    assert not shares.take("a", 3)
    assert shares.take("a", 2)
    assert not shares.take("b", 5)
    assert shares.take("b", 4)
    assert not shares.take("c")
    shares.give_back("a", 6)
    assert shares.take("c", 6)
