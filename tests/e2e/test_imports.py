"""Catalogues by HTTP: taken in beside the searches, watched, cancelled, and gone on with after a kill."""

import asyncio
import csv
import json
import signal
import time
from collections.abc import AsyncIterator
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


NOWHERE = b"id,category,image\n1,Shoes,nowhere.jpg"


def table_of(server: ImageServer, name: str, count: int, pause_s: float = 0.0) -> bytes:
    """As many products of a category of that name, each with an image of its own."""
    colours = list(COLOURS)
    for number in range(count):
        image = picture(colours[number % 4], "stripes", variant=number // 4, side=64)
        server.replies[f"/{name}/{number}.jpg"] = slowly(answer(body=image), pause_s)
    rows = [f"{name}{n},{name}/{colours[n % 4]},{server.url(f'/{name}/{n}.jpg')}" for n in range(count)]
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


async def test_catalogues_come_in_are_cancelled_and_outlive_a_kill(
    images: ImageServer, tmp_path: Path
) -> None:
    """One test, for each service that is started takes seconds."""
    settings = {"fetch_private": "true", "max_body_bytes": "1000000", "max_image_bytes": "900000"}
    with serving(tmp_path / "data", tmp_path / "log", **settings) as service:
        async with asynchronous(service) as client:
            await a_table_comes_in_and_what_cannot_is_told(client, images)
            await a_zip_comes_in_and_nothing_of_it_is_done_twice(client)
            assert not list((tmp_path / "data/imports").glob("*/work")), "nothing of the uploads is left"
            await what_cannot_be_is_refused(client)
            await one_is_cancelled_and_those_that_wait_have_their_turn(client, images)
            before = (await client.get("/v1/status")).json()["products"]
            images.requests.clear()
            sent = await send(client, "long.csv", table_of(images, "killed", 120, pause_s=0.01))
            waiting = await send(client, "late.csv", NOWHERE)
            await until_read(client, sent.headers["location"], 48)
            await asyncio.sleep(1.1)  # what is written down lags a second behind
            service.process.kill()
            await asyncio.to_thread(service.process.wait, 10)
    with serving(tmp_path / "data", tmp_path / "log", **settings) as service:
        async with asynchronous(service) as client:
            said = await through(client, sent)
            assert (said["state"], said["read"], said["rejected"]) == ("done", 120, 0)
            assert said["unchanged"] <= 64, "nothing but what was under way is done twice"
            assert (await client.get("/v1/status")).json()["products"] == before + 120
            asked = [request.path for request in images.requests]
            assert (len(set(asked)), len(asked) <= 120 + 64) == (120, True)
            assert (await through(client, waiting))["rejected"] == 1
            await who_listens_keeps_no_service_from_stopping(service, client, images)
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "never retrieved" not in log


async def a_table_comes_in_and_what_cannot_is_told(client: httpx.AsyncClient, images: ImageServer) -> None:
    table = table_of(images, "first", 30) + f"\nbad,Shoes,{images.url('/missing.jpg')}".encode()
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


async def a_zip_comes_in_and_nothing_of_it_is_done_twice(client: httpx.AsyncClient) -> None:
    shop = {f"shop/Bags/{c}/{n}.jpg": picture(c, "dots", variant=n) for c in COLOURS for n in range(3)}
    shop["shop/notes.txt"] = bytes(1_500_000)  # larger than any other request may be
    first = await send(client, "shop.zip", zip_bytes(shop))
    said = await through(client, first)
    assert (said["added"], said["rejected"], said["read_as"]) == (12, 0, "folder per category, in shop/")
    assert (await client.get("/v1/products/Bags/red/0.jpg")).json()["category"] == "Bags/red"
    again = await through(client, await send(client, "shop.zip", zip_bytes(shop)))
    assert (again["unchanged"], again["embedded"]) == (12, 0)
    other = await through(client, await send(client, "shop.zip", zip_bytes(shop), folder=".", limit=2))
    assert (other["added"], other["expected"]) == (2, 2)
    listed = (await client.get("/v1/imports")).json()["imports"]
    assert [job["file"] for job in listed] == ["shop.zip"] * 3 + ["shop.csv"]
    assert (await client.delete(first.headers["location"])).status_code == 204
    refused(await client.get(first.headers["location"]), 404, "unknown_import")
    refused(await client.get(f"{first.headers['location']}/events"), 404, "unknown_import")


async def what_cannot_be_is_refused(client: httpx.AsyncClient) -> None:
    refused(await send(client, "shop.exe", b"MZ"), 422, "invalid_source")
    refused(await send(client, "shop.csv", b"colour\nred\n"), 422, "invalid_source")
    refused(await send(client, "shop.csv", NOWHERE, map="id=nothing"), 422, "invalid_source")
    refused(await send(client, "shop.csv", NOWHERE, map="nonsense"), 422, "invalid_source")
    refused(await send(client, "shop.csv", NOWHERE, layout="shelf"), 422, "invalid_request")
    refused(await send(client, "shop.zip", NOWHERE), 422, "unusable_archive")
    refused(await send(client, "shop.zip", zip_bytes({"../1.jpg": b"x"})), 422, "unusable_archive")
    refused(await client.delete("/v1/imports/..%2F..%2Fstore"), 404, "not_found")
    refused(await client.get("/v1/imports/lock"), 404, "unknown_import")


async def one_is_cancelled_and_those_that_wait_have_their_turn(
    client: httpx.AsyncClient, images: ImageServer
) -> None:
    endless = await send(client, "long.csv", table_of(images, "cancelled", 1_000, pause_s=0.05))
    waiting = await send(client, "next.csv", NOWHERE)
    unwanted = await send(client, "never.csv", NOWHERE)
    await until_read(client, endless.headers["location"], 16)
    assert (await client.get(waiting.headers["location"])).json()["state"] == "queued"
    cancelled = await client.delete(unwanted.headers["location"])
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    started = time.perf_counter()
    said = (await client.delete(endless.headers["location"])).json()
    assert time.perf_counter() - started < 3
    assert said["state"] == "cancelled"
    assert (await through(client, waiting))["rejected"] == 1
    kept = (await client.get(endless.headers["location"])).json()
    assert (kept["state"], kept["read"]) == ("cancelled", said["read"])
    page = await client.get("/v1/products", params={"category": "cancelled", "limit": 100})
    assert len(page.json()["products"]) >= kept["added"] >= 16, "what was written stays"


async def who_listens_keeps_no_service_from_stopping(
    service: Service, client: httpx.AsyncClient, images: ImageServer
) -> None:
    sent = await send(client, "long.csv", table_of(images, "stopped", 1_000, pause_s=0.05))
    async with asynchronous(service) as other:  # which goes away, and leaves nothing behind
        async for _ in events(other, sent.headers["location"]):
            break
    seen = [kind async for kind, _ in stopping_after(service, events(client, sent.headers["location"]), 3)]
    assert set(seen) == {"progress"}, "it has not ended: the next service goes on with it"
    started = time.perf_counter()
    assert await asyncio.to_thread(service.process.wait, 30) == 0
    assert time.perf_counter() - started < 6


async def stopping_after(
    service: Service, told: AsyncIterator[tuple[str, dict[str, Any]]], count: int
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    async for event in told:
        count -= 1
        if count == 0:
            service.process.send_signal(signal.SIGTERM)
        yield event
