"""What is wrong is refused as a problem document that says what, and nothing internal leaks."""

import json
import os
import signal
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import put, search
from tests.e2e.running import Service, serving
from tests.pictures import picture


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body["type"] == f"urn:vizinho:problem:{code}"
    assert body["title"]
    assert body["detail"]
    for leak in ("Traceback", str(Path(__file__).parents[2]), "site-packages", "Error("):
        assert leak not in answer.text
    return body


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred kilobytes that would decode to width x height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + width * 3)) for _ in range(height)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("image", "status", "code"),
    [
        (b"", 422, "image_empty"),
        (b"hello, I am no picture", 415, "image_format_unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "image_format_unsupported"),
        (b"<!doctype html><p>", 415, "image_format_unsupported"),
        (picture("red")[:1500], 422, "image_damaged"),
        (picture("red") + b"\0" * 10_000_001, 413, "image_too_large"),
    ],
    ids=["empty", "text", "svg", "html", "truncated", "too large"],
)
def test_what_is_no_usable_image(client: httpx.Client, image: bytes, status: int, code: str) -> None:
    refused(search(client, image), status, code)
    refused(client.post("/fashion", files={"image": ("q", image)}), status, code)
    refused(put(client, "x/red", image), status, code)


def test_a_decompression_bomb_is_refused_by_its_header(client: httpx.Client) -> None:
    data = bomb(13_000, 13_000)
    assert len(data) < 1_000_000
    started = time.perf_counter()
    refused(search(client, data), 422, "image_too_many_pixels")
    assert time.perf_counter() - started < 2


def test_an_unknown_category_suggests_the_nearest(client: httpx.Client) -> None:
    body = refused(search(client, picture("red"), category="Apparel/Topwear/Shirt"), 404, "unknown_category")
    suggestions = body["suggestions"]
    assert isinstance(suggestions, list)
    assert suggestions[0] == "Apparel/Topwear/Shirts"
    refused(
        client.get("/v1/products/solid/red/similar", params={"category": "../etc"}), 404, "unknown_category"
    )


def test_an_unknown_product(client: httpx.Client) -> None:
    refused(client.get("/v1/products/nobody"), 404, "unknown_product")
    refused(client.get("/v1/products/nobody/similar"), 404, "unknown_product")
    refused(client.delete("/v1/products/nobody"), 404, "unknown_product")


@pytest.mark.parametrize(
    ("wanted", "code", "word"),
    [
        ('{"color": "red"}', "invalid_filter", "colour"),
        ('{"colour": 7}', "invalid_filter", "text"),
        ('{"price": {"near": 7}}', "invalid_filter", "gte"),
        ('{"price": NaN}', "invalid_filter", "number"),
        ('{"price": {"gte": NaN}}', "invalid_filter", "number"),
        ('{"price": {"lt": 1' + "0" * 400 + "}}", "invalid_filter", "number"),
        ("{colour: red}", "invalid_request", "JSON"),
        ('["red"]', "invalid_request", "object"),
        ("null", "invalid_request", "object"),
        ('{"a":' * 5000, "invalid_request", "filter"),
        ('{"colour": {"not": ' * 400 + "1" + "}}" * 400, "invalid_request", "JSON"),
    ],
)
def test_a_filter_that_means_nothing(client: httpx.Client, wanted: str, code: str, word: str) -> None:
    body = refused(search(client, picture("red"), filter=wanted), 422, code)
    assert word in str(body["detail"])


@pytest.mark.parametrize(
    "fields", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"min_score": "nan"}, {"min_score": 2}]
)
def test_numbers_out_of_their_range(client: httpx.Client, fields: dict[str, object]) -> None:
    body = refused(search(client, picture("red"), **fields), 422, "invalid_request")
    assert next(iter(fields)) in str(body["detail"])


def test_a_search_without_an_image(client: httpx.Client) -> None:
    refused(client.post("/v1/search/upload"), 422, "invalid_request")
    refused(client.post("/v1/search/upload", files={"image": (None, "text")}), 422, "invalid_request")
    refused(client.post("/v1/search/upload", data={"image": "text"}), 415, "unsupported_media_type")
    refused(
        client.post(
            "/v1/search/upload", content=b"\xff" * 100, headers={"content-type": "multipart/form-data"}
        ),
        400,
        "bad_request",
    )


@pytest.mark.parametrize("product_id", ["%2e%2e%2fpasswd", "%20x", "x%00y", "a//b", "x" * 201])
def test_ids_that_cannot_be(client: httpx.Client, product_id: str) -> None:
    path = f"/v1/products/{product_id}".encode()
    request = client.build_request(
        "PUT", "/", data={"category": "Shoes"}, files=[("images", ("i.jpg", picture("red"), "image/jpeg"))]
    )
    request.url = request.url.copy_with(raw_path=path)
    refused(client.send(request), 422, "invalid_product")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"category": ""}, "invalid_request"),
        ({"category": " / "}, "invalid_product"),
        ({"category": "a//b"}, "invalid_product"),
        ({"category": "Shoes", "attributes": "{"}, "invalid_request"),
        ({"category": "Shoes", "attributes": '{"a": {"b": 1}}'}, "invalid_request"),
        ({"category": "Shoes", "attributes": '{"a": null}'}, "invalid_request"),
        ({"category": "Shoes", "attributes": '{"price": "cheap"}'}, "invalid_product"),
        ({"category": "Shoes", "attributes": '{"a": NaN}'}, "invalid_product"),
        ({"category": "Shoes", "attributes": '{"a": 1' + "0" * 400 + "}"}, "invalid_product"),
        ({"category": "Shoes", "title": "x" * 501}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_products_that_cannot_be(client: httpx.Client, fields: dict[str, str], code: str) -> None:
    files = [("images", ("i.jpg", picture("red"), "image/jpeg"))]
    refused(client.put("/v1/products/new", data=fields, files=files), 422, code)
    refused(client.get("/v1/products/new"), 404, "unknown_product")


def test_addresses_and_methods_that_do_not_exist(client: httpx.Client) -> None:
    assert "address" in str(refused(client.get("/v1/nothing"), 404, "not_found")["detail"])
    body = refused(client.post("/v1/categories"), 405, "method_not_allowed")
    assert body["title"] == "Method Not Allowed"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/products/solid/red", "DELETE, GET, PATCH, PUT"),
        ("/v1/products/batch", "POST"),
        ("/v1/products/solid/red/similar", "GET"),
        ("/v1/explain", "GET, POST"),
        ("/web/app.js", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_every_right_one(client: httpx.Client, path: str, allowed: str) -> None:
    answer = client.request("TRACE", path)
    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "0" * 63, "0" * 64 + ".jpg", "Z" * 64, "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "0" * 64],
)
def test_media_names_reach_nothing_but_media(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/media/thumbnails/{name}.jpg")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_over_the_cap_is_refused_before_it_is_read(shop: Service) -> None:
    """A header that announces a gigabyte is answered at once; nothing of the body is waited for."""
    host, port = shop.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/search/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: 1000000000\r\n\r\n"
        )
        answer = b""
        while not answer.endswith(b"}") and (more := connection.recv(65536)):
            answer += more
    assert b" 413 " in answer
    assert b"body_too_large" in answer


def test_a_chunked_body_over_the_cap_is_cut_off(client: httpx.Client) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
        for _ in range(200):
            sent += 1_000_000
            yield bytes(1_000_000)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    try:
        refused(client.post("/v1/search/upload", content=endless(), headers=headers), 413, "body_too_large")
    except httpx.WriteError:
        assert sent < 200_000_000  # the service hung up, which is as good an answer
    assert client.get("/healthz").status_code == 200


def test_too_many_at_once_are_told_when_to_come_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("narrow")
    with serving(folder / "data", folder / "log", queue_size="2") as service, service.client() as client:
        assert put(client, "solid/red", picture("red")).status_code == 201
        answers = _at_once(40, lambda: search(client, picture("red", side=1000)))
        assert {answer.status_code for answer in answers} == {200, 503}
        for answer in answers:
            if answer.status_code == 503:
                refused(answer, 503, "overloaded")
                assert int(answer.headers["retry-after"]) >= 1
        assert search(client, picture("red")).status_code == 200


def test_who_cannot_be_served_is_told_before_the_image_is_sent(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("full")
    with serving(folder / "data", folder / "log", queue_size="1") as service, service.client() as client:
        assert put(client, "solid/red", picture("red")).status_code == 201
        big = picture("red", side=2000)
        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(search, client, big) for _ in range(60)]
            refusals = 0
            while not refusals and not all(one.done() for one in asking):
                refusals += _answer_to_headers_alone(service) == 503
            assert refusals
            assert {one.result().status_code for one in asking} == {200, 503}


def _answer_to_headers_alone(service: Service) -> int | None:
    """The status that comes although no byte of the body does; None where the service waits for it."""
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=0.1) as connection:
        connection.sendall(
            b"POST /v1/search/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            b"Content-Length: 5000000\r\n\r\n"
        )
        try:
            return int(connection.recv(12).split()[1])
        except TimeoutError:
            return None


def _at_once(count: int, ask: Callable[[], httpx.Response]) -> list[httpx.Response]:
    with ThreadPoolExecutor(count) as pool:
        return [answer.result() for answer in [pool.submit(ask) for _ in range(count)]]


def test_a_store_that_is_gone_is_a_503_and_comes_back_by_itself(own: Service) -> None:
    with own.client() as client:
        assert put(client, "solid/red", picture("red")).status_code == 201
        stopped = own.store_pid()
        os.kill(stopped, signal.SIGSTOP)
        started = time.perf_counter()
        refused(search(client, picture("red")), 503, "store_timed_out")
        body = refused(client.get("/readyz"), 503, "not_ready")
        assert body["checks"] == {
            "store": {"ok": False, "code": "store_timed_out"},
            "embedder": {"ok": True},
            "stopping": {"ok": True},
        }
        assert time.perf_counter() - started < 8
        assert client.get("/healthz").status_code == 200
        os.kill(stopped, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while client.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline
        answer = search(client, picture("red"))
        assert [result["id"] for result in answer.json()["results"]] == ["solid/red"]
    assert json.dumps("Traceback") not in own.log.read_text(encoding="utf-8")
