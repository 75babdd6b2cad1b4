"""What the real service tells of itself: in its answers, its log and its metrics."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from service.access.keys import new_key
from tests.e2e.conftest import search
from tests.e2e.running import Service, serving
from tests.pictures import picture

READ_KEY, READER = new_key("shop", "read")
WRITE_KEY, WRITER = new_key("pim", "write")
DOCUMENTED = re.compile(r"^\| `(vizinho_\w+)` \| (\w+) \|(.*?)\|", re.MULTILINE)
SUFFIX = {"counter": "_total", "info": "_info", "gauge": "", "histogram": ""}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Service]:
    settings = {"log_format": "json", "access_log": "all", "store_timeout_s": "2"}
    with serving(tmp_path / "data", tmp_path / "log", api_keys=f"{READER} {WRITER}", **settings) as service:
        yield service


def metrics(client: httpx.Client) -> dict[str, float]:
    """By name and labels, as they are written."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def log_lines(service: Service) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/", 200),
        ("GET", "/web/app.css", 200),
        ("GET", "/v1/products/nobody", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/v1/categories", 405),
        ("POST", "/v1/search/upload", 422),
    ],
)
def test_every_answer_has_an_id(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path, headers={"X-Request-ID": "mine-1"})
    assert answer.status_code == status
    assert answer.headers["x-request-id"] == "mine-1"
    if status >= 400:
        assert answer.json()["request_id"] == "mine-1"


def test_a_searchs_stages_are_part_of_its_whole_time(client: httpx.Client) -> None:
    header = search(client, picture("red")).headers["server-timing"]
    times = {name: float(ms) for name, ms in (part.split(";dur=") for part in header.split(", "))}
    assert list(times) == ["decode", "embed", "search", "total"]
    assert times["decode"] + times["embed"] + times["search"] <= times["total"] + 0.02


def test_the_documentation_names_every_metric_with_its_kind_and_labels(client: httpx.Client) -> None:
    search(client, picture("red"))
    client.get("/v1/products/nobody")
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = {
        name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in DOCUMENTED.findall(text)
    }
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    answer = client.get("/metrics", headers=accept)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    shown = {}
    for family in openmetrics(answer.text):  # type: ignore[no-untyped-call] # as it is published
        if family.name.startswith("vizinho_"):
            labels = {label for sample in family.samples for label in sample.labels} - {"le"}
            shown[family.name + SUFFIX[family.type]] = (family.type, labels)
    # Without a failure it has no series to look at.
    assert shown.pop("vizinho_store_errors_total")[0] == "counter"
    assert documented.pop("vizinho_store_errors_total") == ("counter", {"code"})
    assert shown == documented


def test_metrics_are_in_the_plain_form_for_who_asks_for_none(client: httpx.Client) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert len(list(prometheus(answer.text))) > 20


def test_what_happened_is_in_the_metrics_and_the_log_and_no_key_is(watched: Service) -> None:
    key = {"Authorization": f"Bearer {WRITE_KEY}", "X-Request-ID": "import-7"}
    with httpx.Client(base_url=watched.url, headers=key, timeout=30) as client:
        _ask_for_a_few_things(client)
        shown = metrics(client)
        assert (
            shown['vizinho_requests_total{method="GET",route="/v1/products/{product_id}",status="404"}'] == 3
        )
        assert shown['vizinho_requests_total{method="POST",route="/v1/search/upload",status="200"}'] == 2
        assert shown['vizinho_requests_total{method="GET",route="unmatched",status="404"}'] == 40
        assert shown['vizinho_stage_seconds_count{stage="overhead"}'] == 2
        assert shown["vizinho_batch_images_sum"] == 3
        assert shown['vizinho_store_call_seconds_count{operation="upsert"}'] == 1
        assert shown["vizinho_catalog_products"] == shown["vizinho_catalog_images"] == 1
        assert shown["vizinho_queue_depth"] == 0
        assert shown['vizinho_problems_total{code="unauthorized",status="401"}'] == 1
        _hang_the_store(client, watched)
    _look_at_the_log(watched)


def _ask_for_a_few_things(client: httpx.Client) -> None:
    image = picture("red")
    put = client.put("/v1/products/one", data={"category": "Shoes"}, files=[("images", ("i.jpg", image))])
    assert put.status_code == 201, put.text
    for name in ("a", "b", "%0d%1b[31mforged"):
        assert client.get(f"/v1/products/{name}", params={"shown": "to nobody"}).status_code == 404
    for _ in range(2):
        assert search(client, image).status_code == 200
    for number in range(40):
        assert client.get(f"/{number}").status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {READ_KEY}x"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": f"Bearer {READ_KEY}"}).status_code == 200


def _hang_the_store(client: httpx.Client, service: Service) -> None:
    store = service.store_pid()
    os.kill(store, signal.SIGSTOP)
    started = time.perf_counter()
    hanging = metrics(client)
    assert time.perf_counter() - started < 2.5
    assert hanging['vizinho_ready{check="store"}'] == 0
    assert hanging['vizinho_ready{check="embedder"}'] == 1
    assert "vizinho_catalog_products" not in hanging
    started = time.perf_counter()
    answer = client.get("/readyz")
    assert time.perf_counter() - started < 2
    assert answer.status_code == 503
    assert answer.json()["checks"]["store"] == {"ok": False, "code": "store_timed_out"}
    assert client.get("/healthz").status_code == 200
    time.sleep(0.5)  # until the store's own deadline has passed
    os.kill(store, signal.SIGCONT)
    assert client.get("/readyz").status_code == 200
    assert metrics(client)['vizinho_store_errors_total{code="store_timed_out"}'] >= 1


def _look_at_the_log(service: Service) -> None:
    text = service.log.read_text(encoding="utf-8")
    for secret in (READ_KEY, WRITE_KEY, "Bearer", "to nobody", "to+nobody", "shown"):
        assert secret not in text
    lines = log_lines(service)
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert "uvicorn.error" in {line["logger"] for line in lines}
    asked = [line for line in lines if line["logger"] == "service.access" and "client" in line]
    (put,) = [line for line in asked if line["method"] == "PUT"]
    assert put["client"] == "pim"
    assert put["request_id"] == "import-7"
    assert put["status"] == 201
    assert put["bytes_in"] > len(picture("red"))
    assert any(line.get("path") == "/v1/products/\r\x1b[31mforged" for line in asked)
    assert [line["message"] for line in lines if line["logger"] == "service.readiness"] == [
        "ready: store is store_timed_out",
        "ready: store is ok",
    ]
