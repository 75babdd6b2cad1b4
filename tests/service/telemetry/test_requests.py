"""Each request has an id, in its answer and in what is written about it."""

import asyncio
import logging
import re

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from service.telemetry.access import AccessLog
from service.telemetry.handled import Handled, current, request_id
from service.telemetry.metrics import Metrics
from service.telemetry.middleware import Telemetry
from service.telemetry.routing import UNMATCHED
from tests.service.asking import asking
from tests.service.telemetry.serving import Served

REFUSED = [
    ("GET", "/nowhere", {}, 404),
    ("POST", "/v1/categories", {}, 405),
    ("POST", "/v1/search/upload", {"content-length": "9999999999"}, 413),
    ("GET", "/web/nothing.js", {}, 404),
    ("GET", "/v1/categories", {"host": "evil.example"}, 421),
    ("GET", "/v1/categories", {}, 500),  # the lifespan did not run
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), REFUSED)
def test_every_refusal_has_the_requests_id(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = asking()(path, headers | {"X-Request-ID": "mine-1"}, method)
    assert answer.status_code == status
    assert answer.headers["x-request-id"] == "mine-1"
    assert answer.json()["request_id"] == "mine-1"
    assert re.fullmatch(r"total;dur=\d+\.\d\d", answer.headers["server-timing"])


@pytest.mark.parametrize("sane", ["a", "A-z_0.9", "x" * 128])
def test_a_sane_id_is_taken_over(sane: str) -> None:
    assert Served().ask("/search", headers={"X-Request-ID": sane}).headers["x-request-id"] == sane


@pytest.mark.parametrize(
    "insane", ["", " ", "x" * 129, "a b", "é".encode(), b"a\tb", "a;b", "<b>", "a\x1b[31m"]
)
def test_any_other_is_replaced(insane: str | bytes) -> None:
    given = Served().ask(
        "/search", headers=[(b"X-Request-ID", insane if isinstance(insane, bytes) else insane.encode())]
    )
    assert re.fullmatch("[0-9a-f]{32}", given.headers["x-request-id"])


def test_no_two_requests_have_the_same_id() -> None:
    served = Served()
    assert len({served.ask("/search").headers["x-request-id"] for _ in range(20)}) == 20


def test_a_500_is_in_the_log_once_and_with_its_id(caplog: pytest.LogCaptureFixture) -> None:
    answer = Served().ask("/broken", headers={"X-Request-ID": "mine-2"})
    assert answer.status_code == 500
    assert "secret text" not in answer.text
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_an_answer_that_breaks_off_is_raised_to_whoever_serves() -> None:
    """Only that one can break the connection off, which is how a client is told."""
    metrics = Metrics()

    async def half(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("in the middle")

    async def asked() -> None:
        transport = httpx.ASGITransport(Telemetry(half, metrics, AccessLog("notable")))
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get("http://shop/")

    with pytest.raises(RuntimeError, match="in the middle"):
        asyncio.run(asked())
    labels = {"method": "GET", "route": UNMATCHED, "status": "200"}
    assert metrics.registry.get_sample_value("vizinho_requests_total", labels) == 1
    assert metrics.registry.get_sample_value("vizinho_requests_in_flight") == 0


async def _told_in_a_thread() -> str | None:
    return await asyncio.to_thread(request_id)


def test_the_id_is_known_in_threads_and_tasks_and_forgotten_when_the_request_is_over() -> None:
    async def scenario() -> None:
        handled = Handled("mine-3")
        token = current.set(handled)
        assert await _told_in_a_thread() == "mine-3"
        left_behind = asyncio.create_task(_told_when(handled))
        await asyncio.sleep(0)
        current.reset(token)
        handled.over = True
        assert await left_behind == ("mine-3", None)
        assert request_id() is None

    asyncio.run(scenario())


async def _told_when(handled: Handled) -> tuple[str | None, str | None]:
    before = request_id()
    while not handled.over:  # noqa: ASYNC110 - a moment
        await asyncio.sleep(0)
    return before, request_id()


def _access_lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "service.access"]


def test_of_requests_only_the_failed_and_the_slow_have_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    served = Served()
    for path in ("/search", "/nowhere", "/full"):
        served.ask(path)
    assert _access_lines(caplog) == []
    served.ask("/away")
    served.ask("/slow")
    failed, slow = _access_lines(caplog)
    assert (failed.levelname, failed.getMessage()[:13]) == ("WARNING", "GET /away 503")
    assert (slow.levelname, slow.getMessage()[:13]) == ("INFO", "GET /slow 200")


def test_with_all_lines_each_says_what_was_asked_and_neither_key_nor_query(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    served = Served("all")
    served.ask(
        "/sizes?token=vz_secret", "POST", content=b"12345", headers={"Authorization": "Bearer vz_secret"}
    )
    (line,) = _access_lines(caplog)
    assert "secret" not in line.getMessage()
    fields = line.fields  # type: ignore[attr-defined]
    assert fields.pop("duration_ms") >= 0
    assert fields == {
        "method": "POST",
        "path": "/sizes",
        "route": "/sizes",
        "status": 200,
        "bytes_in": 5,
        "bytes_out": 1,
        "code": None,
        "client": None,
    }
