"""Starting, stopping, being killed, and refusing to start."""

import os
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import put, search
from tests.e2e.in_process import here
from tests.e2e.running import serving
from tests.pictures import picture


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    for round_, colour in enumerate(["red", "blue"]):
        with serving(tmp_path / "data", tmp_path / "log") as service, service.client() as client:
            assert client.get("/v1/status").json()["products"] == round_
            assert put(client, f"solid/{colour}", picture(colour)).status_code == 201
            store = service.store_pid()
            service.process.kill()
        deadline = time.monotonic() + 5
        while Path(f"/proc/{store}").exists():
            assert time.monotonic() < deadline, "the store's process outlives its parent"
            time.sleep(0.05)


def test_a_stopped_service_finishes_what_it_accepted_and_leaves(tmp_path: Path) -> None:
    with (
        serving(tmp_path / "data", tmp_path / "log", stop_delay_s="1") as service,
        service.client() as client,
    ):
        put(client, "solid/red", picture("red"))
        answers: list[httpx.Response] = []
        asking = [
            threading.Thread(target=lambda: answers.append(search(client, picture("red", side=1500))))
            for _ in range(4)
        ]
        for thread in asking:
            thread.start()
        time.sleep(0.1)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        ready = httpx.get(f"{service.url}/readyz")
        assert ready.status_code == 503, (
            "new connections are taken for a moment, and told that it is over here"
        )
        assert ready.json()["checks"]["stopping"] == {"ok": False, "code": "stopping"}
        for thread in asking:
            thread.join(20)
        assert [answer.status_code for answer in answers] == [200] * 4
        assert service.process.wait(20) == 0
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{service.url}/readyz")
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "never retrieved" not in log


def test_a_second_service_on_the_same_data_is_refused_by_name(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tmp_path / "log") as service:
        second = here(tmp_path / "data", "serve")
        assert second.exit_code == 1
        assert f"process {service.process.pid}" in second.stderr
        assert "Traceback" not in second.stderr


def test_another_model_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tmp_path / "log") as service, service.client() as client:
        put(client, "solid/red", picture("red"))
        put(client, "solid/blue", picture("blue"))
    refused = here(tmp_path / "data", "serve", distance="euclid")
    assert refused.exit_code == 1
    assert "vizinho reembed" in refused.stderr
    mended = here(tmp_path / "data", "reembed", distance="euclid")
    assert mended.exit_code == 0, mended.stderr
    with (
        serving(tmp_path / "data", tmp_path / "log", distance="euclid") as service,
        service.client() as client,
    ):
        results = search(client, picture("red")).json()["results"]
        assert [result["id"] for result in results] == ["solid/red", "solid/blue"]
        assert results[1]["score"] == pytest.approx(1 / (1 + results[1]["distance"]), abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"weights": "/nowhere/weights.pth"}, "/nowhere/weights.pth"),
        ({"backbone": "resnet5000"}, "resnet5000"),
        ({"device": "cuda:7"}, "cuda:7"),
        ({"precision": "float8"}, "VIZINHO_PRECISION"),
        ({"port": "99999"}, "VIZINHO_PORT"),
        ({"weights": "/nowhere/[/x].pth"}, "/nowhere/[/x].pth"),
        ({"qdrant_url": "not a url"}, "VIZINHO_QDRANT_URL"),
        ({"media_url": "nonsense"}, "VIZINHO_MEDIA_URL"),
        ({"max_body_bytes": "5000"}, "VIZINHO_MAX_BODY_BYTES"),
    ],
)
def test_settings_that_cannot_work_are_told_in_a_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    refused = here(tmp_path / "data", "serve", **settings)
    assert refused.exit_code == 1, refused.stderr
    assert sentence in refused.stderr.replace("\n", "")
    assert "Traceback" not in refused.stderr


def test_a_qdrant_server_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    refused = here(tmp_path / "data", "serve", qdrant_url="http://127.0.0.1:9", qdrant_grpc_port="9")
    assert refused.exit_code == 1
    assert "Qdrant" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_ctrl_c_stops_the_service_without_noise(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tmp_path / "log") as service:
        os.kill(service.process.pid, signal.SIGINT)
        os.kill(service.store_pid(), signal.SIGINT)
        assert service.process.wait(20) in {0, 130, -signal.SIGINT}
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_data_directory_that_cannot_be_made_is_told_in_a_sentence() -> None:
    refused = here(Path("/proc/nowhere"), "serve")
    assert refused.exit_code == 1
    assert "/proc/nowhere" in refused.stderr
    assert "Traceback" not in refused.stderr
