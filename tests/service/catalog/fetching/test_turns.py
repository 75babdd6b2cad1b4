"""So many at once in all, so many at once of one host; and waiting is not held against the server."""

import asyncio

import pytest

from service.catalog.fetching.errors import ImageNotFetched
from service.catalog.fetching.fetcher import Fetcher
from tests.service.catalog.fetching.fetchers import TLS, limits
from tests.service.catalog.fetching.image_server import (
    IMAGE,
    ImageServer,
    answer,
    redirect,
    slowly,
    stay_silent,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("concurrency", "per_host", "most"), [(6, 2, 4), (3, 2, 3), (2, 8, 2)])
async def test_no_more_are_asked_at_once(
    server: ImageServer, concurrency: int, per_host: int, most: int
) -> None:
    """Of two hosts, each with more images than turns."""
    server.replies["/a"] = slowly(answer(), 0.03)
    async with Fetcher(limits(concurrency=concurrency, per_host=per_host), None, tls=TLS) as fetcher:
        urls = [server.url("/a", host) for host in ("127.0.0.1", "127.0.0.2") for _ in range(12)]
        assert await asyncio.gather(*map(fetcher.fetch, urls)) == [IMAGE] * 24
    assert server.most_busy == most


async def test_waiting_for_a_turn_is_not_the_server_s_slowness(server: ImageServer) -> None:
    server.replies["/a"] = slowly(answer(), 0.08)
    async with Fetcher(limits(timeout_s=0.5, per_host=1), None, tls=TLS) as fetcher:
        images = await asyncio.gather(*(fetcher.fetch(server.url("/a")) for _ in range(12)))
    assert images == [IMAGE] * 12


async def test_a_slow_host_does_not_hold_up_another(server: ImageServer) -> None:
    server.replies |= {"/slow": stay_silent, "/a": answer()}
    async with Fetcher(
        limits(concurrency=4, per_host=2, timeout_s=2.0, attempts=1), None, tls=TLS
    ) as fetcher:
        stuck = [asyncio.create_task(fetcher.fetch(server.url("/slow"))) for _ in range(10)]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(1.0):
            assert await fetcher.fetch(server.url("/a", "127.0.0.2")) == IMAGE
        for fetch in stuck:
            fetch.cancel()
        await asyncio.gather(*stuck, return_exceptions=True)


async def test_hosts_that_redirect_to_one_another_do_not_lock_each_other(server: ImageServer) -> None:
    server.replies |= {
        "/there": redirect(server.url("/a", "127.0.0.2")),
        "/back": redirect(server.url("/a", "127.0.0.1")),
        "/a": answer(),
    }
    async with Fetcher(limits(per_host=1, concurrency=2, timeout_s=2.0), None, tls=TLS) as fetcher:
        urls = [server.url("/there", "127.0.0.1"), server.url("/back", "127.0.0.2")] * 10
        assert await asyncio.gather(*map(fetcher.fetch, urls)) == [IMAGE] * 20


async def test_a_pause_between_attempts_keeps_nobody_from_a_turn(server: ImageServer) -> None:
    server.replies |= {"/busy": answer(503, retry_after="1"), "/a": answer()}
    async with Fetcher(limits(concurrency=1, per_host=1, attempts=2), None, tls=TLS) as fetcher:
        busy = asyncio.create_task(fetcher.fetch(server.url("/busy")))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(0.5):
            assert await fetcher.fetch(server.url("/a")) == IMAGE
        with pytest.raises(ImageNotFetched):
            await busy
