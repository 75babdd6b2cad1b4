"""Clients that stall, over real sockets."""

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from service.access import fetching
from service.access.connections import Connection, connections
from service.settings import Settings

_HEAD_S = 0.3
_GET = b"GET /now HTTP/1.1\r\nHost: x\r\n\r\n"

app = FastAPI()


@app.get("/now")
async def now() -> str:
    return "now"


@app.get("/later")
async def later() -> str:
    await asyncio.sleep(3 * _HEAD_S)
    return "later"


@app.get("/much")
async def much() -> Response:
    return Response(bytes(30_000_000))


@app.post("/length")
async def length(request: Request) -> int:
    return len(await request.body())


@app.post("/unread")
async def unread() -> str:
    return "unread"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture(scope="module")
def kind() -> type[Connection]:
    return connections(Settings(header_timeout_s=_HEAD_S, max_image_bytes=100_000, max_body_bytes=100_000))


@pytest.fixture(scope="module")
def port(kind: type[Connection]) -> Iterator[int]:
    server = _Server(uvicorn.Config(app, port=0, http=kind, ws="none", log_config=None, timeout_keep_alive=1))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        yield connection


def answered(connection: socket.socket, end: bytes) -> bool:
    received = b""
    while not received.endswith(end) and (more := connection.recv(65_536)):
        received += more
    return received.endswith(end)


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    try:
        while more := connection.recv(65_536):
            received += more
    except ConnectionResetError:
        pass
    return received


def seconds_until_closed(connection: socket.socket) -> float:
    started = time.monotonic()
    until_closed(connection)
    return time.monotonic() - started


def test_a_head_that_stays_half_is_waited_for_no_longer_than_was_set(port: int) -> None:
    started = time.monotonic()
    with ExitStack() as stack:
        halves = [stack.enter_context(connected(port)) for _ in range(5)]
        for half, sent in zip(halves, [b"", b"\r\n", b"G", _GET[:-2], _GET[:-4] + b"\r\nX: "], strict=True):
            half.sendall(sent)
        for half in halves:
            assert until_closed(half) == b""
            assert _HEAD_S * 0.8 < time.monotonic() - started < _HEAD_S + 2


def test_so_is_the_next_head_of_a_kept_connection_though_it_trickles(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(_GET)
        assert answered(connection, b'"now"')
        started = time.monotonic()
        connection.settimeout(0.05)
        for byte in _GET + _GET:
            try:
                connection.sendall(bytes([byte]))
                if not connection.recv(65_536):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert _HEAD_S * 0.8 < time.monotonic() - started < _HEAD_S + 1


def test_empty_lines_do_not_keep_a_connection(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(_GET)
        assert answered(connection, b'"now"')
        started = time.monotonic()
        try:
            while time.monotonic() - started < 5:
                connection.sendall(b"\r\n")
                time.sleep(0.05)
        except ConnectionError:
            pass
        assert time.monotonic() - started < _HEAD_S + 1


def test_an_answer_may_take_longer_than_a_head(port: int) -> None:
    """Also while half of the next request is there already."""
    with connected(port) as connection:
        connection.sendall(_GET.replace(b"now", b"later") + b"GET /now HT")
        answers = connection.recv(65_536)
        connection.sendall(b"TP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers += until_closed(connection)
    assert b'"later"' in answers
    assert b'"now"' in answers


def test_requests_in_one_stream_are_all_answered(port: int) -> None:
    body = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n" + bytes(90_000)
    with connected(port) as connection:
        connection.sendall(_GET.replace(b"now", b"later") + body + body)
        time.sleep(_HEAD_S)
        connection.sendall(_GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answers = until_closed(connection)
    assert answers.count(b" 200 OK") == 4
    assert answers.count(b"90000") == 2


def test_a_head_without_an_end_is_refused(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(b"GET /now HTTP/1.1\r\nX: " + b"x" * 65_000)
        time.sleep(0.05)
        connection.sendall(b"x" * 2_000)
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["code"] == "head_too_large"
    assert json.loads(body)["request_id"].encode() in head


def test_trailers_are_read_over(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(
            b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            b"3\r\nabc\r\n0\r\nAuthorization: Bearer vz_late\r\n\r\n"
        )
        assert until_closed(connection).endswith(b"\r\n\r\n3")


def test_trailers_without_an_end_are_cut_off(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(
            b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: "
        )
        with pytest.raises(ConnectionError):
            connection.sendall(b"x" * 30_000_000)


def test_a_body_that_nobody_reads_is_not_waited_for(port: int) -> None:
    head = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n"
    with connected(port) as connection:
        connection.sendall(head)
        assert answered(connection, b'"unread"')
        assert seconds_until_closed(connection) < _HEAD_S + 1
    with connected(port) as connection:
        connection.sendall(head)
        assert answered(connection, b'"unread"')
        connection.sendall(bytes(90_000) + _GET)
        assert answered(connection, b'"now"'), "one that comes after all leaves the connection as it was"


def test_an_answer_that_nobody_fetches_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_LOOK_EVERY_S", 0.3)
    with connected(port) as connection:
        connection.sendall(_GET.replace(b"now", b"much"))
        time.sleep(0.8)
        assert len(until_closed(connection)) < 30_000_000


def test_one_that_is_fetched_slowly_is_not(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_LOOK_EVERY_S", 0.3)
    with connected(port) as connection:
        connection.sendall(_GET.replace(b"now", b"much"))
        fetched = 0
        while fetched < 30_000_000:
            more = len(connection.recv(65_536))
            assert more, f"cut off after {fetched} bytes"
            fetched += more
            time.sleep(0.0015)


def test_those_who_have_waited_longest_make_room(
    port: int, kind: type[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind.heads, "most", 5)
    with ExitStack() as stack:
        waiting = [stack.enter_context(connected(port)) for _ in range(8)]
        for first in waiting[:3]:
            assert seconds_until_closed(first) < _HEAD_S * 0.8
        waiting[7].sendall(_GET)
        assert answered(waiting[7], b'"now"')


def test_a_request_for_a_websocket_is_one_like_any_other(port: int) -> None:
    with connected(port) as connection:
        wish = b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
        connection.sendall(_GET.replace(b"\r\n\r\n", wish))
        assert answered(connection, b'"now"')


@pytest.mark.parametrize("close", [False, True])
@pytest.mark.parametrize("apart", [False, True])
def test_so_is_a_wish_for_another_protocol_with_a_body(port: int, apart: bool, close: bool) -> None:
    """As Java's client sends it by default. Its body is its body, and no request."""
    smuggled = _GET.replace(b"now", b"later")
    wish = b"close, Upgrade" if close else b"Upgrade, HTTP2-Settings"
    head = (
        b"POST /length?a=%%20b HTTP/1.1\r\nHost: x\r\nConnection: %b\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: %d\r\n\r\n" % (wish, len(smuggled))
    )
    with connected(port) as connection:
        connection.sendall(head if apart else head + smuggled)
        if apart:
            time.sleep(0.05)
            connection.sendall(smuggled)
        if close:
            assert until_closed(connection).endswith(b"\r\n\r\n%d" % len(smuggled))
            return
        assert answered(connection, b"\r\n\r\n%d" % len(smuggled))
        connection.sendall(2 * head.replace(b"%d\r\n\r\n" % len(smuggled), b"2\r\n\r\nok") + _GET)
        assert answered(connection, b'"now"')


def test_requests_ahead_of_their_answers_are_kept_up_to_a_number(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(_GET.replace(b"now", b"later") + 20 * _GET)
        answers = b""
        while answers.count(b'"now"') < 20:
            answers += connection.recv(65_536)
    with connected(port) as connection:
        started = time.monotonic()
        connection.sendall(_GET.replace(b"now", b"later") + 2_000 * _GET)
        assert until_closed(connection) == b""
        assert time.monotonic() - started < _HEAD_S


@pytest.mark.parametrize(
    "request_line", [b"CONNECT foo:443 HTTP/1.1", b"GET http://:99999/ HTTP/1.1", b"NO SUCH THING"]
)
def test_what_is_no_request_is_told_so_in_a_document(
    port: int, request_line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with connected(port) as connection:
        connection.sendall(request_line + b"\r\nHost: x\r\n\r\n")
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert json.loads(body)["code"] == "bad_request"
    assert json.loads(body)["request_id"].encode() in head
    assert not caplog.records


def test_bodies_that_have_brought_nothing_for_longest_make_room(
    port: int, kind: type[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind.bodies, "most", 4)
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
    with ExitStack() as stack:
        sending = [stack.enter_context(connected(port)) for _ in range(6)]
        for connection in sending[:4]:
            connection.sendall(head + b"a")
            time.sleep(0.02)
        sending[0].sendall(b"b")
        time.sleep(0.02)
        for connection in sending[4:]:
            connection.sendall(head + b"a")
        for dropped in (sending[1], sending[2]):
            assert until_closed(dropped) == b""
        sending[0].sendall(b"c")
        assert answered(sending[0], b"\r\n\r\n3")


def test_whoever_keeps_a_connection_and_asks_nothing_makes_room(
    port: int, kind: type[Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "most", 3)
    with ExitStack() as stack:
        kept = []
        for _ in range(6):
            kept.append(stack.enter_context(connected(port)))
            kept[-1].sendall(_GET)
            assert answered(kept[-1], b'"now"')
        for dropped in kept[:3]:
            dropped.settimeout(0.5)
            assert until_closed(dropped) == b""
        kept[5].sendall(_GET)
        assert answered(kept[5], b'"now"')


def test_whoever_sends_on_after_the_answer_is_not_reset_but_no_longer_read(port: int) -> None:
    with connected(port) as connection:
        connection.sendall(b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n")
        assert answered(connection, b'"unread"')
        connection.settimeout(0.1)
        sent = 0
        try:
            while sent < 80_000_000:
                sent += connection.send(bytes(100_000))
        except TimeoutError:
            pass
        assert 1_200_000 < sent < 80_000_000
        connection.settimeout(10)
        assert seconds_until_closed(connection) < _HEAD_S + 1
