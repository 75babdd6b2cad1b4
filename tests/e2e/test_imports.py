"""Catalogues by HTTP: taken in beside the searches, watched, cancelled, and gone on with after a kill."""

import asyncio
import csv
import json
import signal
import time
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.running import Service, serving
from tests.e2e.test_refusals import refused
from tests.pictures import COLOURS, picture
from tests.service.catalog.fetching.image_server import ImageServer, answer, image_server, slowly
from tests.service.catalog.imports.zips import zip_bytes

pytestmark = pytest.mark.anyio


@pytest.fixture
async def images() -> AsyncIterator[ImageServer]:
    async with image_server() as server:
        yield server


@pytest.fixture
def fetching(tmp_path: Path) -> Iterator[Service]:
    with serving(tmp_path / "data", tmp_path / "log", fetch_private="true") as service:
        yield service


def table_of(server: ImageServer, count: int, pause_s: float = 0.0) -> bytes:
    """As many products, each with an image of its own."""
    colours = list(COLOURS)
    for number in range(count):
        image = picture(colours[number % 4], "stripes", variant=number // 4, side=64)
        server.replies[f"/{number}.jpg"] = slowly(answer(body=image), pause_s)
    rows = [f"{n},Shoes/{colours[n % 4]},{server.url(f'/{n}.jpg')}" for n in range(count)]
    return "\n".join(["id,category,image_url", *rows]).encode()


async def send(client: httpx.AsyncClient, name: str, content: bytes, **fields: object) -> httpx.Response:
    data = {field: str(value) for field, value in fields.items()}
    return await client.post("/v1/imports", files={"file": (name, content)}, data=data)


async def through(client: httpx.AsyncClient, answer: httpx.Response) -> dict[str, Any]:
    """Told by its events that it has ended."""
    assert answer.status_code == 202, answer.text
    async for kind, said in events(client, answer.headers["location"]):
        if kind == "end":
            return said
    raise AssertionError("the events ended, and the import did not")


async def events(client: httpx.AsyncClient, location: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    async with client.stream("GET", f"{location}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        kind = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            if line.startswith("data: "):
                yield kind, json.loads(line.removeprefix("data: "))


async def until_read(client: httpx.AsyncClient, location: str, count: int) -> None:
    deadline = time.monotonic() + 20
    while (said := (await client.get(location)).json())["read"] < count:
        assert time.monotonic() < deadline, said
        await asyncio.sleep(0.02)


def asynchronous(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=service.url, timeout=30)


async def test_a_table_and_a_zip_come_in_and_what_cannot_is_told(
    fetching: Service, images: ImageServer, tmp_path: Path
) -> None:
    async with asynchronous(fetching) as client:
        table = table_of(images, 30) + f"\nbad,Shoes,{images.url('/missing.jpg')}".encode()
        table += b"\nlocal,Shoes,/etc/passwd\nnear,Shoes,../../../job.json\nitself,Shoes,shop.csv"
        sent = await send(client, "shop.csv", table)
        said = await through(client, sent)
        counts = {name: said[name] for name in ("expected", "read", "added", "rejected", "embedded")}
        assert counts == {"expected": 34, "read": 34, "added": 30, "rejected": 4, "embedded": 30}
        assert (said["state"], said["file"], said["failure"]) == ("done", "shop.csv", None)
        detail = (await client.get(sent.headers["location"])).json()
        reasons = {reject["product_id"]: reject["reason"] for reject in detail["rejects"]}
        assert reasons.keys() == {"bad", "local", "near", "itself"}
        assert "404" in reasons["bad"]
        assert "leads out" in reasons["local"]
        download = await client.get(f"{sent.headers['location']}/rejects")
        assert download.headers["content-type"].startswith("text/csv")
        assert [row["product_id"] for row in csv.DictReader(StringIO(download.text))] == [*reasons]

        shop = {f"shop/Bags/{c}/{n}.jpg": picture(c, "dots", variant=n) for c in COLOURS for n in range(3)}
        zipped = await through(client, await send(client, "shop.zip", zip_bytes(shop)))
        assert (zipped["added"], zipped["rejected"], zipped["read_as"]) == (
            12,
            0,
            "folder per category, in shop/",
        )
        assert (await client.get("/v1/products/Bags/red/0.jpg")).json()["category"] == "Bags/red"
        again = await through(client, await send(client, "shop.zip", zip_bytes(shop)))
        assert (again["unchanged"], again["embedded"]) == (12, 0)
        other = await through(client, await send(client, "shop.zip", zip_bytes(shop), folder=".", limit=2))
        assert (other["added"], other["expected"]) == (2, 2)

        listed = (await client.get("/v1/imports")).json()["imports"]
        assert [job["file"] for job in listed] == ["shop.zip"] * 3 + ["shop.csv"]
        assert not list((tmp_path / "data/imports").glob("*/work")), "nothing of the uploads is left"
        assert (await client.delete(sent.headers["location"])).status_code == 204
        refused(await client.get(sent.headers["location"]), 404, "unknown_import")
        refused(await client.get(f"{sent.headers['location']}/events"), 404, "unknown_import")
        assert (await client.get("/v1/status")).json()["products"] == 44
    assert "Traceback" not in fetching.log.read_text(encoding="utf-8")


async def test_an_import_is_cancelled_and_those_that_wait_have_their_turn(
    fetching: Service, images: ImageServer
) -> None:
    async with asynchronous(fetching) as client:
        endless = await send(client, "long.csv", table_of(images, 2_000, pause_s=0.05))
        waiting = await send(client, "next.csv", b"id,category,image\n1,Shoes,nowhere.jpg")
        unwanted = await send(client, "never.csv", b"id,category,image\n1,Shoes,nowhere.jpg")
        await until_read(client, endless.headers["location"], 16)
        assert (await client.get(waiting.headers["location"])).json()["state"] == "queued"
        cancelled = await client.delete(unwanted.headers["location"])
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        started = time.perf_counter()
        cancelled = (await client.delete(endless.headers["location"])).json()
        assert time.perf_counter() - started < 3
        assert cancelled["state"] == "cancelled"
        ended = await through(client, waiting)
        assert (ended["state"], ended["rejected"]) == ("done", 1)
        kept = (await client.get(endless.headers["location"])).json()
        assert (kept["state"], kept["read"]) == ("cancelled", cancelled["read"])
        products = (await client.get("/v1/status")).json()["products"]
        assert products >= kept["added"] >= 16, "what was written stays"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_service_that_is_ended_in_the_middle_goes_on_where_it_was(
    images: ImageServer, tmp_path: Path, how: signal.Signals
) -> None:
    count = 150
    with serving(tmp_path / "data", tmp_path / "log", fetch_private="true") as service:
        async with asynchronous(service) as client:
            sent = await send(
                client, "shop.csv", table_of(images, count, pause_s=0.02) + b"\n1,Shoes,twice.jpg"
            )
            waiting = await send(client, "late.csv", b"id,category,image\nx,Shoes,nowhere.jpg")
            watching = asyncio.create_task(through(client, sent))
            await until_read(client, sent.headers["location"], 48)
            await asyncio.sleep(1.2)  # what is written down lags a second behind
            service.process.send_signal(how)
            started = time.perf_counter()
            assert await asyncio.to_thread(service.process.wait, 30) == (0 if how == signal.SIGTERM else -how)
            assert time.perf_counter() - started < 8
            with pytest.raises((httpx.TransportError, AssertionError)):
                await watching
    record = json.loads((tmp_path / f"data/imports/{sent.json()['id']}/job.json").read_text(encoding="utf-8"))
    assert 48 <= record["tally"]["added"] < count
    with serving(tmp_path / "data", tmp_path / "log", fetch_private="true") as service:
        async with asynchronous(service) as client:
            said = await through(client, sent)
            assert (said["state"], said["read"], said["rejected"]) == ("done", count + 1, 1)
            assert said["added"] + said["unchanged"] == count
            assert said["unchanged"] <= 64, "nothing but what was under way is done twice"
            status = (await client.get("/v1/status")).json()
            assert (status["products"], status["images"]) == (count, count)
            asked = [request.path for request in images.requests]
            assert len(set(asked)) == count
            assert len(asked) <= count + 64
            assert (await through(client, waiting))["rejected"] == 1
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "never retrieved" not in log
