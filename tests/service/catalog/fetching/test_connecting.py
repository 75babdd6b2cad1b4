"""The address that is connected to is the one that was checked."""

import asyncio
import ssl

import pytest

from service.catalog.fetching.addresses import Address
from service.catalog.fetching.connecting import GuardedBackend
from service.catalog.fetching.errors import AddressRefused, ImageNotFetched
from service.catalog.fetching.fetcher import Fetcher
from tests.service.catalog.fetching.fetchers import TLS, Names, as_if_public, guarded, limits
from tests.service.catalog.fetching.image_server import IMAGE, ImageServer, answer, image_server

pytestmark = pytest.mark.anyio


async def test_a_name_is_resolved_once_and_its_checked_address_connected_to(server: ImageServer) -> None:
    """The second answer would be another one: nobody asks for it."""
    server.replies["/a"] = answer()
    names = Names({"shop.example": [["127.0.0.2"], ["127.0.0.1"]]})
    async with Fetcher(limits(), None, backend=guarded(names, "127.0.0.2"), tls=TLS) as fetcher:
        assert await fetcher.fetch(server.url("/a", "shop.example")) == IMAGE
    assert names.asked == ["shop.example"]
    assert [request.to for request in server.requests] == ["127.0.0.2"]
    assert server.requests[0].headers["host"] == f"shop.example:{server.port}"


async def test_a_name_that_changes_between_two_connections_is_checked_again(server: ImageServer) -> None:
    server.replies["/a"] = answer(connection="close")
    names = Names({"shop.example": [["127.0.0.2"], ["127.0.0.1"]]})
    async with Fetcher(limits(), None, backend=guarded(names, "127.0.0.2"), tls=TLS) as fetcher:
        await fetcher.fetch(server.url("/a", "shop.example"))
        with pytest.raises(
            AddressRefused, match=r"shop\.example is 127\.0\.0\.1, which is not a public address"
        ):
            await fetcher.fetch(server.url("/a", "shop.example"))
    assert [request.to for request in server.requests] == ["127.0.0.2"]


async def test_a_name_that_changes_between_two_attempts_is_checked_again(server: ImageServer) -> None:
    server.replies["/a"] = answer(503, connection="close")
    names = Names({"shop.example": [["127.0.0.2"], ["127.0.0.1"]]})
    async with Fetcher(limits(), None, backend=guarded(names, "127.0.0.2"), tls=TLS) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.fetch(server.url("/a", "shop.example"))
    assert len(server.requests) == 1


async def test_the_next_address_is_tried_where_nobody_listens_at_the_first(server: ImageServer) -> None:
    server.replies["/a"] = answer()
    names = Names({"shop.example": [["127.0.0.9", "127.0.0.2"]]})
    backend = guarded(names, "127.0.0.9", "127.0.0.2")
    async with Fetcher(limits(), None, backend=backend, tls=TLS) as fetcher:
        assert await fetcher.fetch(server.url("/a", "shop.example")) == IMAGE


async def test_a_connection_is_used_again(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = answer()
    for _ in range(3):
        await fetcher.fetch(server.url("/a"))
    assert server.connections == 1


async def test_no_proxy_is_taken_from_the_environment(
    server: ImageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.replies["/a"] = answer()
    async with Fetcher(limits(), None, tls=TLS) as fetcher:
        assert await fetcher.fetch(server.url("/a")) == IMAGE


async def test_no_cookie_is_sent_back(server: ImageServer, fetcher: Fetcher) -> None:
    server.replies["/a"] = answer(set_cookie="who=you; Path=/")
    for _ in range(2):
        await fetcher.fetch(server.url("/a"))
    assert not any("cookie" in request.headers for request in server.requests)


async def test_a_name_without_an_address_is_told(server: ImageServer) -> None:
    names = Names({"shop.example": [[]]})
    async with Fetcher(limits(), None, backend=guarded(names), tls=TLS) as fetcher:
        with pytest.raises(ImageNotFetched, match=r"the name shop\.example has no address"):
            await fetcher.fetch(server.url("/a", "shop.example"))


async def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    async def never(_: str) -> list[Address]:
        await asyncio.sleep(3_600)
        return []

    backend = GuardedBackend(never, as_if_public())
    async with Fetcher(limits(connect_timeout_s=0.1, attempts=2), None, backend=backend, tls=TLS) as fetcher:
        with pytest.raises(ImageNotFetched, match=r"the name shop\.example was not resolved in time"):
            await fetcher.fetch("http://shop.example/a")


@pytest.mark.parametrize(("name", "outcome"), [("shop.example", IMAGE), ("other.example", None)])
async def test_a_certificate_is_verified_by_name(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, name: str, outcome: bytes | None
) -> None:
    names = Names({name: [["127.0.0.1"]]})
    async with image_server(server_tls) as server:
        server.replies["/a"] = answer()
        backend = guarded(names, "127.0.0.1")
        async with Fetcher(limits(), None, backend=backend, tls=client_tls) as fetcher:
            url = server.url("/a", name).replace("http:", "https:")
            if outcome is None:
                with pytest.raises(ImageNotFetched, match="certificate is not trusted"):
                    await fetcher.fetch(url)
            else:
                assert await fetcher.fetch(url) == outcome


async def test_an_unknown_authority_is_not_trusted(server_tls: ssl.SSLContext) -> None:
    async with image_server(server_tls) as server, Fetcher(limits(), None) as fetcher:
        with pytest.raises(ImageNotFetched, match="certificate is not trusted"):
            await fetcher.fetch(server.url("/a").replace("http:", "https:"))
    assert server.requests == []
