"""Servers that are slow, huge, away for a moment, or send one on."""

import asyncio
import gzip
import time
import tracemalloc

import pytest

from service.catalog.errors import CatalogError
from service.catalog.fetching.errors import AddressRefused, ImageNotFetched
from service.catalog.fetching.fetcher import Fetcher
from tests.service.catalog.fetching.fetchers import TLS, limits
from tests.service.catalog.fetching.image_server import (
    IMAGE,
    ImageServer,
    Reply,
    Request,
    answer,
    hang_up,
    in_turn,
    raw,
    redirect,
    slowly,
    stay_silent,
    without_end,
)

pytestmark = pytest.mark.anyio

HUGE = 100_001  # one byte above the limit of these tests


async def reason(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(ImageNotFetched) as caught:
        await fetcher.fetch(url)
    return str(caught.value)


async def test_an_image_is_fetched(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies["/a.png?size=l"] = answer(content_type="image/png")
    assert await fetcher.fetch(server.url("/a.png?size=l#top")) == IMAGE
    headers = server.requests[0].headers
    assert headers["accept-encoding"] == "identity"
    assert headers["host"] == f"127.0.0.1:{server.port}"


async def test_an_image_of_just_the_limit_is_fetched(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = answer(body=b"x" * (HUGE - 1))
    assert len(await fetcher.fetch(server.url("/a"))) == HUGE - 1


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\n\r\n"
BOMB = gzip.compress(b"\0" * 20_000_000)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (answer(body=b"x" * HUGE), "larger than 100000 bytes"),
        (answer(body=b"", length=10**15), "larger than 100000 bytes"),
        (answer(body=b"x" * HUGE, length=10), None),
        (without_end(UNTIL_CLOSED, b"x" * 10_000), "larger than 100000 bytes"),
        (without_end(CHUNKED, b"4\r\nabcd\r\n" * 1000), "larger than 100000 bytes"),
        (without_end(CHUNKED, b"1;" + b"x" * 1000), "broke off or does not speak HTTP"),
        (without_end(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n" * 1000), "broke off or does not speak HTTP"),
        (answer(body=BOMB, content_encoding="gzip"), "larger than 100000 bytes"),
        (answer(body=gzip.compress(BOMB), content_encoding="gzip, gzip"), "a coding that was not asked for"),
        (answer(content_encoding="br"), "a coding that was not asked for"),
        (answer(content_encoding="gzip"), "says that it is compressed, and is not"),
        (answer(body=gzip.compress(IMAGE)[:-9], content_encoding="gzip"), "it broke off"),
        (answer(body=b""), "it is empty"),
        (answer(200, b"<html>", content_type="text/html; charset=utf-8"), "text/html came, and no image"),
        (answer(200, b"{}", content_type="application/json"), "application/json came, and no image"),
        (answer(204, b""), "answered 204 No Content"),
        (answer(206), "answered 206 Partial Content"),
        (answer(304, b""), "answered 304 Not Modified"),
        (answer(401), "answered 401 Unauthorized"),
        (answer(404), "answered 404 Not Found"),
        (answer(500), "answered 500 Internal Server Error"),
        (answer(302), "answered 302 Found"),
        (answer(799), "answered 799."),
    ],
)
async def test_what_is_no_image_or_too_large_is_told(
    server: ImageServer, fetcher: Fetcher, reply: Reply, told: str | None
) -> None:
    server.replies["/a"] = reply
    started = time.perf_counter()
    if told is None:  # what comes after the length that it told is not for us
        assert len(await fetcher.fetch(server.url("/a"))) == 10
    else:
        assert told in await reason(fetcher, server.url("/a"))
    assert time.perf_counter() - started < 3.0


@pytest.mark.parametrize(
    "reply", [answer(body=BOMB, content_encoding="gzip"), without_end(UNTIL_CLOSED, b"x" * 10_000)]
)
async def test_no_more_memory_is_taken_than_an_image_may_have(
    server: ImageServer, fetcher: Fetcher, reply: Reply
) -> None:
    server.replies["/a"] = reply
    await reason(fetcher, server.url("/b"))
    tracemalloc.start()
    try:
        await reason(fetcher, server.url("/a"))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


async def test_what_follows_a_told_length_is_not_taken_for_the_next_image(
    server: ImageServer, fetcher: Fetcher
) -> None:
    server.replies["/a"] = answer(body=IMAGE + b"and more, that nobody asked for", length=len(IMAGE))
    server.replies["/b"] = answer(body=b"another")
    assert await fetcher.fetch(server.url("/a")) == IMAGE
    assert await fetcher.fetch(server.url("/b")) == b"another"


async def test_a_compressed_image_is_taken_from_those_who_insist(
    server: ImageServer, fetcher: Fetcher
) -> None:
    server.replies["/a"] = answer(body=gzip.compress(IMAGE), content_encoding="gzip")
    assert await fetcher.fetch(server.url("/a")) == IMAGE


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "application/octet-stream", "binary/octet-stream", "nonsense"]
)
async def test_a_server_that_does_not_know_its_image_is_believed(
    server: ImageServer, fetcher: Fetcher, kind: str
) -> None:
    server.replies["/a"] = answer(content_type=kind)
    assert await fetcher.fetch(server.url("/a")) == IMAGE


@pytest.mark.parametrize(
    "first",
    [
        answer(429, retry_after="0"),
        answer(429, retry_after="Thu, 01 Jan 2026 12:00:00 GMT"),
        answer(502),
        answer(503),
        answer(504),
        answer(408),
        answer(length=1_000_000 // 20),
        hang_up,
        raw(b"220 this is no web server\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
    ],
)
async def test_what_passes_is_tried_again(server: ImageServer, fetcher: Fetcher, first: Reply) -> None:
    async def and_close(request: Request, writer: asyncio.StreamWriter) -> None:
        await first(request, writer)
        writer.close()

    server.replies["/a"] = in_turn(and_close, answer())
    assert await fetcher.fetch(server.url("/a")) == IMAGE
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500])
async def test_what_does_not_pass_is_not_tried_again(
    server: ImageServer, fetcher: Fetcher, status: int
) -> None:
    server.replies["/a"] = in_turn(answer(status), answer())
    await reason(fetcher, server.url("/a"))
    assert len(server.requests) == 1


async def test_attempts_come_to_an_end(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = answer(503)
    assert "answered 503" in await reason(fetcher, server.url("/a"))
    assert len(server.requests) == 3


async def test_a_server_that_asks_for_more_time_than_there_is_is_not_waited_for(
    server: ImageServer, fetcher: Fetcher
) -> None:
    server.replies["/a"] = answer(429, retry_after="3600")
    started = time.perf_counter()
    assert "answered 429 Too Many Requests" in await reason(fetcher, server.url("/a"))
    assert time.perf_counter() - started < 1.0
    assert len(server.requests) == 1


async def test_a_server_that_asks_for_a_second_is_given_it(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = in_turn(answer(503, retry_after="1"), answer())
    started = time.perf_counter()
    assert await fetcher.fetch(server.url("/a")) == IMAGE
    assert time.perf_counter() - started >= 1.0


async def test_nobody_there_is_told(server: ImageServer, fetcher: Fetcher) -> None:
    await server.aclose()
    assert "there is no connection to the server" in await reason(fetcher, server.url("/a"))


@pytest.mark.parametrize(
    "reply",
    [
        stay_silent,
        without_end(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x", 0.02),
        without_end(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n", 0.02),
        without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
        slowly(redirect("/a?b"), 0.3),
    ],
)
async def test_the_whole_fetch_ends_in_time(server: ImageServer, reply: Reply) -> None:
    server.replies["/a"] = reply
    server.replies["/a?b"] = slowly(redirect("/a?c"), 0.3)
    server.replies["/a?c"] = stay_silent
    async with Fetcher(limits(timeout_s=0.7, attempts=1), None, tls=TLS) as fetcher:
        started = time.perf_counter()
        assert "was not fetched: " in await reason(fetcher, server.url("/a"))
        assert 0.6 < time.perf_counter() - started < 2.5


async def test_a_silent_server_is_asked_again_while_there_is_time(server: ImageServer) -> None:
    server.replies["/a"] = in_turn(stay_silent, answer())
    async with Fetcher(limits(timeout_s=3.0), None, tls=TLS) as fetcher:
        assert await fetcher.fetch(server.url("/a")) == IMAGE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(server: ImageServer, fetcher: Fetcher, status: int) -> None:
    server.replies |= {"/a": redirect("b", status), "/b": redirect(f"//127.0.0.1:{server.port}/c", status)}
    server.replies["/c"] = answer()
    assert await fetcher.fetch(server.url("/a")) == IMAGE
    assert server.paths == ["/a", "/b", "/c"]
    assert server.connections == 1


@pytest.mark.parametrize("location", ["/a", "", "#top", "/b"])
async def test_a_circle_is_told(server: ImageServer, fetcher: Fetcher, location: str) -> None:
    server.replies |= {"/a": redirect(location), "/b": redirect("/a")}
    assert "redirected in a circle" in await reason(fetcher, server.url("/a"))
    assert len(server.requests) <= 2


async def test_redirects_come_to_an_end(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies |= {f"/{n}": redirect(f"/{n + 1}") for n in range(50)}
    assert "redirected more than 5 times" in await reason(fetcher, server.url("/0"))
    assert len(server.requests) == 6


async def test_a_redirect_may_be_tried_again(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies |= {"/a": redirect("/b"), "/b": in_turn(answer(503), answer())}
    assert await fetcher.fetch(server.url("/a")) == IMAGE


async def test_secrets_are_not_told(server: ImageServer, fetcher: Fetcher) -> None:
    url = server.url("/a?signature=secret")
    assert (
        await reason(fetcher, url)
        == f"{server.url('/a')}?… was not fetched: the server answered 404 Not Found."
    )
    server.replies["/b"] = redirect("http://me:secret@127.0.0.1/?secret")
    for refused in (server.url("/b"), "http://me:secret@127.0.0.1/"):
        with pytest.raises(AddressRefused) as caught:
            await fetcher.fetch(refused)
        assert "secret" not in str(caught.value)


def test_both_errors_are_the_catalogue_s_with_codes_of_their_own() -> None:
    assert issubclass(ImageNotFetched, CatalogError)
    assert (ImageNotFetched.code, AddressRefused.code) == ("image_not_fetched", "address_refused")


async def test_a_cancelled_fetch_leaves_nothing_behind(server: ImageServer) -> None:
    server.replies |= {"/slow": stay_silent, "/a": answer()}
    async with Fetcher(limits(concurrency=2, per_host=2), None, tls=TLS) as fetcher:
        for _ in range(5):
            fetches = [asyncio.create_task(fetcher.fetch(server.url("/slow"))) for _ in range(6)]
            await asyncio.sleep(0.05)
            for fetch in fetches:
                fetch.cancel()
            await asyncio.gather(*fetches, return_exceptions=True)
            assert all(fetch.cancelled() for fetch in fetches)
        assert await asyncio.gather(*(fetcher.fetch(server.url("/a")) for _ in range(6))) == [IMAGE] * 6
