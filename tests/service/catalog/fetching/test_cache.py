"""A second run asks whether images have changed, and downloads those that have."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from service.catalog.fetching.errors import ImageNotFetched
from service.catalog.fetching.fetcher import Fetcher
from tests.service.catalog.fetching.fetchers import TLS, limits
from tests.service.catalog.fetching.image_server import IMAGE, ImageServer, Reply, Request, answer, redirect

pytestmark = pytest.mark.anyio

MODIFIED = "Thu, 01 Jan 2026 12:00:00 GMT"


def known_by(etag: str, body: bytes = IMAGE) -> Reply:
    """An honest server: 304 to those who know the present one."""

    async def reply(request: Request, writer: asyncio.StreamWriter) -> None:
        unchanged = request.headers.get("if-none-match") == etag
        await (answer(304, b"") if unchanged else answer(body=body, etag=etag))(request, writer)

    return reply


def entries(folder: Path) -> list[Path]:
    return [path for path in (folder / "cache").rglob("*") if path.is_file()]


class Runs:
    """Each run has a fetcher of its own, and the cache that the runs before it left."""

    def __init__(self, server: ImageServer, folder: Path) -> None:
        self.server = server
        self.folder = folder

    async def fetch(self, path: str = "/a", **changes: int) -> bytes:
        async with Fetcher(limits(**changes), self.folder, tls=TLS) as fetcher:
            return await fetcher.fetch(self.server.url(path))

    @property
    def entries(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    @property
    def asked_with(self) -> list[str | None]:
        return [request.headers.get("if-none-match") for request in self.server.requests]


@pytest.fixture
def runs(server: ImageServer, tmp_path: Path) -> Runs:
    return Runs(server, tmp_path / "cache")


async def test_an_unchanged_image_is_not_sent_again(runs: Runs) -> None:
    runs.server.replies["/a"] = known_by('"one"')
    assert [await runs.fetch() for _ in range(3)] == [IMAGE] * 3
    assert runs.asked_with == [None, '"one"', '"one"']


async def test_a_changed_image_is_fetched_and_known_from_then_on(runs: Runs) -> None:
    runs.server.replies["/a"] = known_by('"one"')
    await runs.fetch()
    runs.server.replies["/a"] = known_by('"two"', b"new")
    assert [await runs.fetch() for _ in range(2)] == [b"new"] * 2
    assert runs.asked_with == [None, '"one"', '"two"']
    assert len(runs.entries) == 1


async def test_a_date_will_do_where_there_is_no_etag(runs: Runs) -> None:
    runs.server.replies["/a"] = answer(last_modified=MODIFIED)
    await runs.fetch()
    runs.server.replies["/a"] = answer(304, b"")
    assert await runs.fetch() == IMAGE
    assert runs.server.requests[1].headers["if-modified-since"] == MODIFIED


async def test_the_image_that_was_redirected_to_is_what_is_asked_about(runs: Runs) -> None:
    runs.server.replies |= {"/a": redirect("/b"), "/b": known_by('"one"')}
    assert [await runs.fetch() for _ in range(2)] == [IMAGE] * 2
    assert runs.asked_with == [None, None, None, '"one"']


@pytest.mark.parametrize(
    "reply",
    [answer(), answer(etag='"one"', cache_control="private, No-Store"), answer(etag='"' + "x" * 2_000 + '"')],
)
async def test_what_cannot_or_must_not_be_kept_is_not(runs: Runs, reply: Reply) -> None:
    runs.server.replies["/a"] = known_by('"one"')
    await runs.fetch()
    runs.server.replies["/a"] = reply
    assert await runs.fetch() == IMAGE
    assert runs.entries == []


@pytest.mark.parametrize(("status", "kept"), [(404, 0), (410, 0), (500, 1)])
async def test_what_is_gone_is_forgotten(runs: Runs, status: int, kept: int) -> None:
    runs.server.replies["/a"] = known_by('"one"')
    await runs.fetch()
    runs.server.replies["/a"] = answer(status)
    with pytest.raises(ImageNotFetched):
        await runs.fetch()
    assert len(runs.entries) == kept


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data.replace(b"one", b"two"),
        lambda data: data.replace(b"etag", b"Etag"),
        lambda _: b"",
        lambda _: b"\n\n",
        lambda _: hashlib.sha256(b"null\n").hexdigest().encode() + b"\nnull\n",
        lambda _: hashlib.sha256(b"nonsense").hexdigest().encode() + b"\nnonsense",
    ],
)
async def test_a_damaged_entry_is_ignored_and_replaced(runs: Runs, damage: Callable[[bytes], bytes]) -> None:
    runs.server.replies["/a"] = known_by('"one"')
    await runs.fetch()
    (entry,) = runs.entries
    entry.write_bytes(damage(entry.read_bytes()))
    assert [await runs.fetch() for _ in range(2)] == [IMAGE] * 2
    assert runs.asked_with == [None, None, '"one"']


async def test_an_entry_above_the_present_limit_is_ignored(runs: Runs) -> None:
    runs.server.replies["/a"] = known_by('"one"', b"x" * 50_000)
    await runs.fetch()
    with pytest.raises(ImageNotFetched, match="larger than 40000 bytes"):
        await runs.fetch(max_bytes=40_000)
    with pytest.raises(ImageNotFetched, match="larger than 49999 bytes"):
        await runs.fetch(max_bytes=49_999)
    assert runs.asked_with == [None, None, None]


async def test_entries_are_spread_over_folders_and_do_not_tell_the_url(runs: Runs) -> None:
    runs.server.replies |= {f"/{n}?secret": known_by('"one"') for n in range(20)}
    for n in range(20):
        await runs.fetch(f"/{n}?secret")
    assert len(runs.entries) == 20
    assert all(entry.name.startswith(entry.parent.name) and len(entry.name) == 64 for entry in runs.entries)
    assert not any(b"secret" in entry.read_bytes() for entry in runs.entries)


async def test_one_url_many_times_at_once_leaves_one_whole_entry(runs: Runs) -> None:
    runs.server.replies["/a"] = known_by('"one"')
    async with Fetcher(limits(), runs.folder, tls=TLS) as fetcher:
        await asyncio.gather(*(fetcher.fetch(runs.server.url("/a")) for _ in range(20)))
    assert len(runs.entries) == 1
    before = len(runs.server.requests)
    assert await runs.fetch() == IMAGE
    assert runs.asked_with[before:] == ['"one"']


async def test_a_folder_that_cannot_be_written_costs_the_cache_and_no_image(
    runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    runs.folder.write_text("a file where the folder should be", encoding="utf-8")
    runs.server.replies["/a"] = known_by('"one"')
    with caplog.at_level(logging.WARNING):
        async with Fetcher(limits(), runs.folder, tls=TLS) as fetcher:
            assert [await fetcher.fetch(runs.server.url("/a")) for _ in range(2)] == [IMAGE] * 2
    assert [record.levelname for record in caplog.records] == ["WARNING"]
