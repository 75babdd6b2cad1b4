"""Keys, slow clients and clients that leave, over real sockets."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from service.access.keys import Role, new_key
from service.app import create_app
from service.security import KeyedRoute
from service.settings import Settings
from tests.e2e.conftest import put
from tests.e2e.running import Service, serving
from tests.pictures import picture

READ_KEY, _READER = new_key("shop", "read")
NEXT_READ_KEY, _NEXT_READER = new_key("shop", "read")
WRITE_KEY, _WRITER = new_key("pim", "write")
WRONG_KEY = new_key("nobody", "write")[0]
_HEADER_TIMEOUT_S = 2.0
_UPLOAD_TIMEOUT_S = 1.0
_ABANDONED = 60


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With keys, and little patience."""
    folder = tmp_path_factory.mktemp("guarded")
    with serving(
        folder / "data",
        folder / "log",
        host="0.0.0.0",
        api_keys=f"{_READER},{_NEXT_READER} {_WRITER}",
        cors_origins="https://shop.example",
        log_level="debug",
        header_timeout_s=str(_HEADER_TIMEOUT_S),
        upload_timeout_s=str(_UPLOAD_TIMEOUT_S),
    ) as service:
        yield service


def connected(service: Service) -> socket.socket:
    host, port = service.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def everything_from(connection: socket.socket) -> bytes:
    received = b""
    while more := connection.recv(65_536):
        received += more
    return received


def operations() -> list[tuple[str, str, Role]]:
    """Every method, path and role, of the routes as they are: none is forgotten here that somebody adds there."""
    found = [
        (method, re.sub(r"\{[^}]*\}", "x", route.path or ""), route.original_route.role)
        for route in iter_route_contexts(create_app(Settings()).routes)
        if isinstance(route.original_route, KeyedRoute)
        for method in sorted(route.methods or ())
    ]
    assert len(found) > 10
    return found


def test_every_operation_is_for_those_whose_role_it_is_and_for_nobody_else(guarded: Service) -> None:
    roles = {None: None, WRONG_KEY: None, READ_KEY: "read", NEXT_READ_KEY: "read", WRITE_KEY: "write"}
    with guarded.client() as client:
        for method, path, wanted in operations():
            for key, role in roles.items():
                headers = {} if key is None else {"Authorization": f"Bearer {key}"}
                answer = client.request(method, path, headers=headers)
                said = (method, path, role, answer.status_code, answer.text)
                if role is None:
                    assert answer.status_code == 401, said
                    assert answer.headers["www-authenticate"].startswith("Bearer")
                elif role == "read" and wanted == "write":
                    assert answer.status_code == 403, said
                else:
                    assert answer.status_code not in {401, 403}, said
                    assert answer.status_code < 500, said
        for path in ("/", "/docs", "/redoc", "/openapi.json", "/healthz", "/readyz", "/web/app.css"):
            assert client.get(path).status_code == 200, path
        assert client.get(f"/media/thumbnails/{'0' * 64}.jpg").status_code == 404


def test_no_key_and_no_hash_is_ever_logged(guarded: Service) -> None:
    """At the most talkative level, and also where something is amiss with the request."""
    with guarded.client() as client:
        for key in (READ_KEY, WRITE_KEY, WRONG_KEY):
            client.headers["Authorization"] = f"Bearer {key}"
            client.post("/v1/search/upload", content=b"\xff", headers={"content-type": "multipart/form-data"})
            client.post("/v1/search/upload", data={"image": "x", "limit": "many"})
            client.get("/v1/nowhere")
        put(client, "solid/red", picture("red"))
    with connected(guarded) as connection:
        connection.sendall(
            f"GET /v1/status HTTP/1.1\r\nAuthorization: Bearer {READ_KEY}\r\nBad Name: x\r\n\r\n".encode()
        )
        assert b" 400 " in everything_from(connection)
    log = guarded.log.read_text("utf-8")
    assert "/v1/search/upload" in log
    for secret in (READ_KEY, WRITE_KEY, WRONG_KEY, _READER.hash, _WRITER.hash):
        assert secret not in log


def test_an_upload_that_trickles_is_not_waited_for(guarded: Service) -> None:
    with connected(guarded) as connection:
        connection.sendall(
            f"POST /v1/search/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {READ_KEY}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n"
            '--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'.encode()
        )
        started = time.monotonic()
        connection.settimeout(0.1)
        answer = b""
        while not answer and time.monotonic() < started + 10:
            connection.sendall(b"-")
            try:
                answer = connection.recv(65_536)
            except TimeoutError:
                continue
        assert _UPLOAD_TIMEOUT_S * 0.9 < time.monotonic() - started < _UPLOAD_TIMEOUT_S + 2
        connection.settimeout(10)
        answer += everything_from(connection)
    assert b" 408 " in answer
    assert b"upload_too_slow" in answer
    assert b"connection: close" in answer.lower()


def test_three_hundred_half_open_sockets_are_in_nobodys_way_and_are_closed(guarded: Service) -> None:
    halves = [b"", b"G", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", b"\r\n"]
    with ExitStack() as stack, guarded.client() as client:
        started = time.monotonic()
        half_open = [stack.enter_context(closing(connected(guarded))) for _ in range(300)]
        for number, connection in enumerate(half_open):
            connection.sendall(halves[number % len(halves)])
        for _ in range(20):
            asked = time.monotonic()
            assert client.get("/healthz").status_code == 200
            assert time.monotonic() - asked < 1
        half_open[3].sendall(b"more and more")  # which does not make it any later
        for connection in half_open:
            assert everything_from(connection) == b""
        assert time.monotonic() - started < _HEADER_TIMEOUT_S + 5
        assert client.get("/healthz").status_code == 200


def test_neither_are_two_hundred_half_open_bodies(guarded: Service) -> None:
    """Of one key, which then gets no more room; whoever else asks, or wants no room, does not notice."""
    head = (
        f"POST /v1/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {READ_KEY}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    mine = {"Authorization": f"Bearer {READ_KEY}"}
    with ExitStack() as stack, guarded.client() as client:
        half_open = [stack.enter_context(closing(connected(guarded))) for _ in range(200)]
        for connection in half_open:
            connection.sendall(head.encode())
        refused = client.post("/v1/search", json={"product_id": "x"}, headers=mine)
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
        assert client.get("/v1/products/x/similar", headers=mine).status_code == 404
        others = {"Authorization": f"Bearer {WRITE_KEY}"}
        assert client.post("/v1/search", json={"product_id": "x"}, headers=others).status_code == 404
        statuses = [everything_from(connection)[9:12] for connection in half_open]
        assert set(statuses) == {b"408", b"503"}
        assert statuses.count(b"408") == 128
        assert client.post("/v1/search", json={"product_id": "x"}, headers=mine).status_code == 404


def test_a_head_that_does_not_end_is_cut_off(guarded: Service) -> None:
    with connected(guarded) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
        answer = b""
        try:
            for _ in range(50):
                connection.sendall(b"x" * 10_000)
                time.sleep(0.002)
            answer = everything_from(connection)
        except ConnectionError:
            return  # it hung up, which is as good an answer
        assert b" 431 " in answer


def test_what_was_refused_early_is_not_read_to_its_end(guarded: Service) -> None:
    """The answer arrives although the body is still on its way; what then never comes is not waited for."""
    with connected(guarded) as connection:
        connection.sendall(
            b"POST /v1/search/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: 30000000\r\n\r\n" + b"x" * 1_000_000
        )
        started = time.monotonic()
        answer = everything_from(connection)
        assert b" 401 " in answer
        assert time.monotonic() - started < _HEADER_TIMEOUT_S + 3


def test_a_kept_connection_goes_on_after_a_refusal(guarded: Service) -> None:
    with guarded.client() as client:
        for _ in range(3):
            image = {"image": ("query.jpg", picture("red"), "image/jpeg")}
            assert client.post("/v1/search/upload", files=image).status_code == 401
            key = {"Authorization": f"Bearer {READ_KEY}"}
            assert client.post("/v1/search/upload", files=image, headers=key).status_code == 200


def test_what_nobody_waits_for_any_longer_is_not_embedded(guarded: Service) -> None:
    request = guarded.client().build_request(
        "POST",
        "/v1/search/upload",
        files={"image": ("query.jpg", picture("red", side=600), "image/jpeg")},
        headers={"Authorization": f"Bearer {READ_KEY}"},
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    whole = f"POST /v1/search/upload HTTP/1.1\r\n{head}\r\n".encode() + request.read()
    before = measured(guarded, "vizinho_batch_images_sum")
    with ExitStack() as stack:
        for _ in range(_ABANDONED):
            stack.enter_context(closing(connected(guarded))).sendall(whole)
        until(lambda: measured(guarded, "vizinho_queue_depth") > _ABANDONED / 2)
    until(lambda: measured(guarded, "vizinho_queue_depth") == 0)
    assert measured(guarded, "vizinho_batch_images_sum") - before < _ABANDONED / 2
    assert 'status="499"' in metrics(guarded)


def metrics(service: Service) -> str:
    return httpx.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {READ_KEY}"}).text


def measured(service: Service, name: str) -> float:
    found = re.search(rf"^{name} (\S+)$", metrics(service), re.MULTILINE)
    assert found, name
    return float(found[1])


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_page_that_calls_itself_by_another_name_learns_nothing(shop: Service) -> None:
    """The service has no keys: whoever reaches it may read and write, so a browser must not be tricked into it."""
    with shop.client() as client:
        rebound = client.get("/v1/status", headers={"Host": "evil.example"})
        assert rebound.status_code == 421
        assert "products" not in rebound.json()
        posted = client.put(
            "/v1/products/planted",
            data={"category": "Shoes"},
            files=[("images", ("i.jpg", picture("red"), "image/jpeg"))],
            headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        )
        assert posted.status_code == 403
        assert posted.json()["code"] == "cross_site"
        assert client.get("/v1/products/planted").status_code == 404
