"""The cluster's proxy, as it is shipped, before two services that share a Qdrant: one of them may go at any time."""

import asyncio
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service.access.keys import new_key
from tests.deployment.compose import ROOT, tool
from tests.e2e.conftest import put, search
from tests.e2e.running import Service, free_port, serving, vizinho
from tests.pictures import COLOURS, picture
from tests.service.store.qdrant_over_grpc import qdrant_over_grpc

KEY, ENTRY = new_key("pim", "write")
BURST = 30


@contextmanager
def proxied(folder: Path, services: list[Service]) -> Iterator[str]:
    text = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    for name, service in zip(("api-1", "api-2"), services, strict=True):
        text = text.replace(f"{name}:8000", service.url.removeprefix("http://"))
    port = free_port()
    file = folder / "Caddyfile"
    file.write_text(text.replace("\n:8080 {", f"\n:{free_port()} {{"), encoding="utf-8")
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(
            [tool("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)],
            env={"SITE_ADDRESS": f":{port}", "HOME": str(folder)},
            stdout=log,
            stderr=log,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the proxy does not answer")


def client(url: str, address: str = "127.0.0.1") -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {KEY}"}, transport=transport, timeout=30
    )


class Shopper(threading.Thread):
    """Searches all the while, and remembers every answer that was none."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.over = threading.Event()
        self.answers: list[int | str] = []
        self._url = url

    def run(self) -> None:
        with client(self._url, "127.0.0.9") as shopper:
            while not self.over.wait(0.25):
                try:
                    self.answers.append(search(shopper, picture("red")).status_code)
                except httpx.TransportError as error:
                    self.answers.append(repr(error))


@pytest.mark.slow
@pytest.mark.anyio
async def test_two_services_behind_the_proxy_are_one(tmp_path: Path) -> None:
    async with qdrant_over_grpc() as qdrant:
        await asyncio.to_thread(_are_one, tmp_path, qdrant.port)


def _are_one(folder: Path, port: int) -> None:
    store = {"qdrant_url": f"http://127.0.0.1:{port}", "qdrant_grpc_port": str(port)}
    assert vizinho(folder, "migrate", **store).returncode == 0
    settings = store | {
        "media_url": (folder / "media").as_uri(),
        "api_keys": str(ENTRY),
        "trusted_proxies": "127.0.0.1",
        "rate_per_address": str(BURST // 5),
        "stop_delay_s": "3",
    }
    (folder / "media").mkdir()
    with (
        serving(folder / "one", folder / "one.log", **settings) as one,
        serving(folder / "two", folder / "two.log", **settings) as two,
        proxied(folder, [one, two]) as url,
        client(url) as pim,
    ):
        assert httpx.get(f"{url}/v1/status").status_code == 401
        _what_is_put_is_found_by_both(pim, [one, two])
        _each_client_has_a_rate_of_its_own_and_can_claim_no_other(url)
        _imports_are_found_again_and_told_as_they_go(pim)
        _none_notices_that_one_goes(url, pim, one)


def _what_is_put_is_found_by_both(pim: httpx.Client, services: list[Service]) -> None:
    for colour in COLOURS:
        assert put(pim, f"solid/{colour}", picture(colour)).status_code == 201
    for service in services:
        with client(service.url, "127.0.0.3") as direct:
            hit = search(direct, picture("blue")).json()["results"][0]
            assert hit["id"] == "solid/blue"
            assert direct.get(hit["image"]["thumbnail_url"]).status_code == 200


def _each_client_has_a_rate_of_its_own_and_can_claim_no_other(url: str) -> None:
    with client(url, "127.0.0.4") as greedy, client(url, "127.0.0.5") as modest:
        codes = [
            greedy.get("/v1/categories", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
            for number in range(4 * BURST)
        ]
        assert codes[:5] == [200] * 5
        assert codes.count(429) > BURST, "each of two services lets its rate through"
        assert modest.get("/v1/categories").status_code == 200


def _imports_are_found_again_and_told_as_they_go(pim: httpx.Client) -> None:
    rows = "id,category,title,image\n"
    sent = pim.post("/v1/imports", files={"file": ("new.csv", rows, "text/csv")})
    assert sent.status_code in {200, 201, 202}, sent.text
    job = sent.json()["id"]
    assert {pim.get(f"/v1/imports/{job}").status_code for _ in range(6)} == {200}
    with pim.stream("GET", f"/v1/imports/{job}/events") as events:
        told = [json.loads(line[5:]) for line in events.iter_lines() if line.startswith("data:")]
    assert told[-1]["state"] in {"done", "failed"}


def _none_notices_that_one_goes(url: str, pim: httpx.Client, one: Service) -> None:
    shopper = Shopper(url)
    shopper.start()
    time.sleep(1)
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(30) == 0
    time.sleep(1)
    shopper.over.set()
    shopper.join(30)
    assert len(shopper.answers) > 10
    assert set(shopper.answers) == {200}
    assert pim.get("/v1/imports").status_code == 200, "the other service takes imports now"
