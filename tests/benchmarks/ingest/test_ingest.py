"""The arithmetic of the ingestion benchmark, and one small run of it."""

import csv
from pathlib import Path

import pytest

from benchmarks.ingest.catalogue import lay_out
from benchmarks.ingest.figures import Results, Round, Run, Size, targets
from benchmarks.ingest.report import from_json, to_json
from tests.pictures import COLOURS, picture


def run(embedded: int, seconds: float, peak: int = 100, rejected: int = 0) -> Run:
    return Run(embedded, rejected, seconds, peak, 10)


def results(*shares: float, peaks: tuple[int, ...] = (100, 120), rejected: int = 0) -> Results:
    rounds = [Round(50.0, run(int(50 * share * 100), 100.0)) for share in shares]
    sizes = [Size(10**n, run(10, 1.0, peak, rejected)) for n, peak in enumerate(peaks, 3)]
    return Results("today", {"cpu": "x", "cores": 2}, {}, rounds, sizes)


def verdicts(found: Results) -> list[str]:
    return [target.verdict for target in targets(found)]


def test_the_share_is_the_middle_of_the_rounds() -> None:
    assert targets(results(0.80, 0.90, 0.95))[0].figure == pytest.approx(0.90)


def test_a_slow_ingestion_a_growing_memory_and_a_reject_are_each_a_missed_target() -> None:
    assert verdicts(results(0.9)) == ["met", "met", "met"]
    assert verdicts(results(0.5)) == ["missed", "met", "met"]
    assert verdicts(results(0.9, peaks=(100, 110, 300))) == ["met", "missed", "met"]
    assert verdicts(results(0.9, rejected=1)) == ["met", "met", "missed"]


def test_what_was_not_measured_is_not_met() -> None:
    assert verdicts(Results("today", {}, {})) == ["not measured"] * 3


def test_a_part_that_was_left_out_on_purpose_is_no_missed_target() -> None:
    rate = results(0.9)
    rate.sizes.clear()
    memory = results()
    assert (results(0.9).part, rate.part, memory.part) == ("all", "rate", "memory")
    assert verdicts(rate) == ["met", "not applicable here: the rate alone", "met"]
    assert verdicts(memory) == ["not applicable here: memory alone", "met", "met"]


def test_results_survive_their_file() -> None:
    found = results(0.9, 0.8)
    assert from_json(to_json(found)) == found


def test_a_catalogue_is_of_any_size_and_its_pictures_come_again(tmp_path: Path) -> None:
    for colour in COLOURS:
        (tmp_path / f"{colour}.jpg").write_bytes(picture(colour, side=32))
    folder = lay_out(tmp_path, tmp_path / "laid out", 10)
    with (folder / "styles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [str(n) for n in range(10)]
    assert {path.stem for path in (folder / "images").iterdir()} == {row["id"] for row in rows}
    assert (folder / "images/1.jpg").read_bytes() == (folder / "images/9.jpg").read_bytes()


@pytest.mark.timeout(120)
def test_a_small_run_measures_the_real_command(tmp_path: Path) -> None:
    running = pytest.importorskip("benchmarks.ingest.running", reason="comes with the bench extra")
    for colour in COLOURS:
        (tmp_path / f"{colour}.jpg").write_bytes(picture(colour, side=64))
    folder = lay_out(tmp_path, tmp_path / "laid out", 8)
    found = running.ingested(folder, tmp_path / "data")
    assert (found.embedded, found.rejected) == (8, 0)
    assert found.peak_bytes > 100_000_000 > found.store_peak_bytes > 0
    assert found.seconds > 0
    assert running.own_rate(folder) > 1
