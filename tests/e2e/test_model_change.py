"""A change of model while the service runs and is written to: other processes, one catalogue."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import put, search
from tests.e2e.in_process import here
from tests.e2e.running import VIZINHO, Service, environment, serving, vizinho
from tests.pictures import COLOURS, picture

NEW = {"backbone": "mobilenet_v3_large", "distance": "euclid"}


def fill(client: httpx.Client, variants: int = 1) -> int:
    for variant in range(variants):
        for colour in COLOURS:
            assert put(client, f"{variant}/{colour}", picture(colour, variant=variant)).status_code == 201
    return variants * len(COLOURS)


class Owner(threading.Thread):
    """Puts and deletes all the while, and remembers what was acknowledged."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self._client = client
        self._stopped = threading.Event()
        self.there: dict[str, bool] = {}
        self.refused: set[str] = set()
        self.codes: set[tuple[int, str]] = set()

    def run(self) -> None:
        number = 0
        while not self._stopped.wait(0.02):
            number += 1
            name = f"written/{number % 7}/red"
            answer = (
                self._client.delete(f"/v1/products/{name}")
                if self.there.get(name)
                else put(self._client, name, picture("red", "dots", variant=number % 5))
            )
            if answer.is_success:
                self.there[name] = not self.there.get(name)
                self.refused.discard(name)
            else:
                self.refused.add(name)
                self.codes.add((answer.status_code, answer.json()["code"]))

    def stop(self) -> None:
        self._stopped.set()
        self.join(30)


@contextmanager
def owner(service: Service) -> Iterator[Owner]:
    with service.client() as client:
        writing = Owner(client)
        writing.start()
        try:
            yield writing
        finally:
            writing.stop()


def test_the_model_changes_under_a_service_that_serves(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with serving(data, log) as service, service.client() as client:
        count = fill(client)
        with owner(service) as writer:
            time.sleep(1)
            done = vizinho(data, "reembed", **NEW)
        assert done.returncode == 0, done.stderr
        assert "g000002" in done.stdout
        assert "--drop-old" in done.stdout
        assert search(client, picture("blue")).json()["results"][0]["id"] == "0/blue"
        refused = put(client, "late/blue", picture("blue", "stripes"))
        assert (refused.status_code, refused.json()["code"]) == (503, "store_frozen")
        assert "restart" in refused.json()["detail"]
        assert int(refused.headers["Retry-After"]) > 0
        dropped = here(data, "reembed", "--drop-old", **NEW)
        assert dropped.exit_code == 1, "the service still answers from it"
        assert f"{service.process.pid}" in dropped.stderr
        assert search(client, picture("blue")).status_code == 200
    assert writer.there
    assert writer.codes <= {(503, "store_frozen")}
    with serving(data, log, **NEW) as service, service.client() as client:
        status = client.get("/v1/status").json()
        assert status["store"]["generation"] == "g000002"
        assert search(client, picture("blue")).json()["results"][0]["id"] == "0/blue"
        for name, there in writer.there.items():
            if name not in writer.refused:
                assert client.get(f"/v1/products/{name}").status_code == (200 if there else 404), name
        assert status["products"] >= count
        assert put(client, "late/blue", picture("blue", "stripes")).status_code == 201
        dropped = here(data, "reembed", "--drop-old", **NEW)
        assert dropped.exit_code == 0, dropped.stderr
        assert "Dropped: g000001" in dropped.stdout
    assert not (data / "store" / "g000001").exists()


@pytest.mark.slow
def test_a_rollback_under_a_service_takes_along_what_was_added(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with serving(data, log) as service, service.client() as client:
        count = fill(client)
    assert vizinho(data, "reembed", **NEW).returncode == 0
    with serving(data, log, **NEW) as service, service.client() as client:
        assert put(client, "late/blue", picture("blue", "stripes")).status_code == 201
        wrong = vizinho(data, "reembed", "--rollback", **NEW)
        assert wrong.returncode == 1
        assert "resnet50" in wrong.stderr.replace("\n", "")
        back = vizinho(data, "reembed", "--rollback")
        assert back.returncode == 0, back.stderr
        assert "1 images embedded" in back.stdout
        assert put(client, "unseen/blue", picture("red", "stripes")).json()["code"] == "store_frozen"
    with serving(data, log) as service, service.client() as client:
        status = client.get("/v1/status").json()
        assert (status["store"]["generation"], status["products"]) == ("g000001", count + 1)
        assert search(client, picture("blue", "stripes")).json()["results"][0]["id"] == "late/blue"


@pytest.mark.slow
def test_a_killed_reembed_leaves_the_service_as_it_was_and_may_be_run_again(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    with serving(data, log) as service, service.client() as client:
        count = fill(client, variants=8)
        for delay in (0.0, 0.3):
            killed = subprocess.Popen(
                [VIZINHO, "reembed"],
                env=environment(data, **NEW),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            deadline = time.monotonic() + 60
            while not (data / "store" / "g000002").exists():
                assert killed.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(delay)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            assert put(client, f"{delay}/red", picture("red", "stripes")).status_code == 201
            assert search(client, picture("blue")).status_code == 200
        shown = vizinho(data, "migrate", "status")
        assert shown.returncode == 0, shown.stderr
        assert re.search(r"g000001\s*│\s*live", shown.stdout), shown.stdout
        done = vizinho(data, "reembed", **NEW)
        assert done.returncode == 0, done.stderr
    with serving(data, log, **NEW) as service, service.client() as client:
        assert client.get("/v1/status").json()["products"] == count + 2


def test_status_tells_of_every_generation_and_loads_no_network(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    none = here(data, "migrate", "status")
    assert (none.exit_code, "no catalogue" in none.stdout) == (1, True)
    assert here(data, "migrate", "upgrade").exit_code == 0
    shown = vizinho(data, "migrate", "status", weights="/nowhere.pth")
    assert shown.returncode == 0, shown.stderr
    assert re.search(r"g000001\s*│\s*live\s*│ resnet50\S*\s*│ 2048\s*│ cosine\s*│ 0\s*│ 0001", shown.stdout)
    with serving(data, log) as service, service.client() as client:
        fill(client)
        assert f"{len(COLOURS)}" in here(data, "migrate", "status").stdout


@pytest.mark.parametrize(
    "arguments", [("reembed", "--rollback", "--drop-old"), ("migrate", "sideways"), ("backup",), ("restore",)]
)
def test_wrong_usage_is_exit_status_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert here(tmp_path / "data", *arguments).exit_code == 2


def test_going_back_where_there_is_nothing_is_told(tmp_path: Path) -> None:
    for arguments in (("reembed",), ("reembed", "--rollback"), ("backup", tmp_path / "backup")):
        failed = here(tmp_path / "data", *arguments)
        assert failed.exit_code == 1
        assert "no catalogue" in failed.stderr
        assert "Traceback" not in failed.stderr
