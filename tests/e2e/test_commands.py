"""The command line, run as a person runs it."""

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.in_process import here
from tests.e2e.running import VIZINHO, environment, serving, vizinho
from tests.pictures import COLOURS, picture


def draw_shop(folder: Path, variants: int = 2) -> int:
    for colour in COLOURS:
        for pattern in ("solid", "stripes"):
            for variant in range(variants):
                image = folder / f"Apparel/{pattern}/{colour}{variant}.jpg"
                image.parent.mkdir(parents=True, exist_ok=True)
                image.write_bytes(picture(colour, pattern, variant=variant, side=96))
    return len(COLOURS) * 2 * variants


def row(output: str, name: str) -> int:
    found = re.search(rf"{name}\s+([\d,]+)", output)
    assert found, output
    return int(found[1].replace(",", ""))


def test_ingest_then_search(tmp_path: Path) -> None:
    count = draw_shop(tmp_path / "shop")
    first = vizinho(tmp_path / "data", "ingest", tmp_path / "shop")
    assert first.returncode == 0, first.stderr
    assert (row(first.stdout, "added"), row(first.stdout, "images embedded")) == (count, count)
    assert "untrained weights" in first.stderr
    again = here(tmp_path / "data", "ingest", tmp_path / "shop")
    assert (row(again.stdout, "unchanged"), row(again.stdout, "images embedded")) == (count, 0)
    query = tmp_path / "shop/Apparel/stripes/blue1.jpg"
    found = vizinho(tmp_path / "data", "search", query, "--category", "Apparel/stripes", "--top", "3")
    assert found.returncode == 0, found.stderr
    lines = [line for line in found.stdout.splitlines() if "Apparel/stripes/" in line]
    assert len(lines) == 3
    assert "Apparel/stripes/blue1.jpg" in lines[0]


def test_exit_status_3_says_that_some_were_rejected_and_the_file_says_why(tmp_path: Path) -> None:
    draw_shop(tmp_path / "shop", variants=1)
    (tmp_path / "shop/Apparel/solid/page.jpg").write_bytes(b"<html>")
    done = here(tmp_path / "data", "ingest", tmp_path / "shop", "--rejects", tmp_path / "why.csv")
    assert done.exit_code == 3
    assert "Apparel/solid/page.jpg" in (tmp_path / "why.csv").read_text(encoding="utf-8")


def test_what_is_no_catalogue_is_exit_status_1_and_a_sentence(tmp_path: Path) -> None:
    for wrong in (tmp_path / "nowhere", tmp_path):
        failed = here(tmp_path / "data", "ingest", wrong)
        assert failed.exit_code == 1
        assert "error:" in failed.stderr
        assert "Traceback" not in failed.stderr


@pytest.mark.slow
def test_a_killed_ingestion_run_again_ends_as_if_it_had_never_been_killed(tmp_path: Path) -> None:
    count = draw_shop(tmp_path / "shop", variants=40)
    arguments = [VIZINHO, "ingest", str(tmp_path / "shop")]
    killed = subprocess.Popen(
        arguments,
        env=environment(tmp_path / "data"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    originals = tmp_path / "data/media/originals"
    while sum(1 for _ in originals.glob("*/*")) < count // 4:
        assert killed.poll() is None, "it finished before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    resumed = vizinho(tmp_path / "data", "ingest", tmp_path / "shop")
    assert resumed.returncode == 0, resumed.stderr
    assert row(resumed.stdout, "added") + row(resumed.stdout, "unchanged") == count
    assert row(resumed.stdout, "added") > 0
    with serving(tmp_path / "data", tmp_path / "log") as service, service.client() as client:
        status = client.get("/v1/status").json()
        assert (status["products"], status["images"]) == (count, count)
    again = vizinho(tmp_path / "data", "ingest", tmp_path / "shop")
    assert (row(again.stdout, "unchanged"), row(again.stdout, "images embedded")) == (count, 0)


def test_migrate_makes_the_catalogue_and_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        done = here(tmp_path / "data", "migrate")
        assert done.exit_code == 0, done.stderr
        assert "schema at 0002" in done.stdout


def test_doctor_tells_what_is_there_and_what_to_do(tmp_path: Path) -> None:
    fresh = here(tmp_path / "data", "doctor")
    assert fresh.exit_code == 0, fresh.stdout
    assert "none yet" in fresh.stdout
    for what in ("device", "network", "compiler", "weights", "store", "disk", "VIZINHO_WEIGHTS"):
        assert what in fresh.stdout
    with serving(tmp_path / "data", tmp_path / "log"):
        beside = here(tmp_path / "data", "doctor")
    assert beside.exit_code == 0, beside.stdout
    assert "0 images, g000001" in beside.stdout
    unhappy = here(tmp_path / "data", "doctor", weights="/nowhere.pth")
    assert unhappy.exit_code == 1
    assert "/nowhere.pth" in unhappy.stdout


def test_help_needs_no_torch(tmp_path: Path) -> None:
    started = time.perf_counter()
    shown = vizinho(tmp_path / "data", "--help")
    assert shown.returncode == 0
    assert time.perf_counter() - started < 1.5
    assert "ingest" in shown.stdout
