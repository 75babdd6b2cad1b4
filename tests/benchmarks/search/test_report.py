import json
from io import StringIO
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from benchmarks.search.catalogue import CASES
from benchmarks.search.chart import draw
from benchmarks.search.figures import (
    DURING,
    DURING_NEXT,
    IDLE,
    Building,
    Comparison,
    Results,
    Standing,
    Timings,
)
from benchmarks.search.report import from_json, show, to_json


def comparison(points: int) -> Comparison:
    contenders = {
        "vizinho": Standing(
            "Vizinho", "embedded", build_s=60.0, build_steps={"write_s": 9.0, "index_s": 51.0}, per_s=[900.0]
        ),
        "faiss-flat": Standing("FAISS flat", "exact", disk_bytes=360_000_000, load_s=0.25),
        "annoy": Standing("Annoy", missing="annoy is not installed"),
        "numpy": Standing("numpy", failed="exit status -9: out of [memory]"),
    }
    found = {case: Timings(200, 0.8, 1.25, 0.998) for case in CASES}
    slow = {case: Timings(20, 1.5, None, 1.0) for case in CASES}
    return Comparison(points, 512, contenders, [{"vizinho": found, "faiss-flat": slow}] * 3)


@pytest.fixture
def results() -> Results:
    machine = {"cpu": "Some CPU", "cores": 2}
    phases = {
        name: Timings(500, 1.0, p99, None) for name, p99 in ((DURING, 8.0), (DURING_NEXT, 3.0), (IDLE, 2.0))
    }
    seconds = dict.fromkeys(phases, 12.5)
    growth = [comparison(10_000), comparison(100_000)]
    building = Building(44_000, 2048, phases, seconds)
    return Results("2026-01-02T03:04:05+00:00", machine, {}, comparison(44_000), growth, building)


def test_json_reads_back_as_it_was_written(results: Results) -> None:
    assert from_json(to_json(results)) == results
    nothing = Results(results.date, results.machine, {})
    assert from_json(to_json(nothing)) == nothing


def test_json_says_which_targets_are_met(results: Results) -> None:
    verdicts = [target["verdict"] for target in json.loads(to_json(results))["targets"]]
    assert verdicts == ["met", "met", "met", "met", "missed", "met"]


def test_the_tables_show_figures_and_why_some_are_missing(results: Results) -> None:
    console = Console(width=100, record=True, file=StringIO())
    show(results, console)
    shown = console.export_text()
    for words in (
        "44,000 x 512: p50 / p99 in ms",
        "0.80 / 1.25",
        "1.50 / -",
        "recall 0.9980",
        "index 51.0",
        "8 callers at once: 900 answers/s",
        "Annoy: annoy is not installed",
        "FAILED: numpy: exit status -9: out of [memory]",
        "4.00",
    ):
        assert words in shown


def test_the_chart_has_everyones_colour(results: Results, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="comes with the bench extra")
    draw(results, tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as chart:
        colours = {colour for _, colour in chart.convert("RGB").getcolors(1 << 24) or []}
    assert {(0x2E, 0x7D, 0x4F), (0x5B, 0x8D, 0xB8)} <= colours
    assert (0xB0, 0x7A, 0xA1) not in colours


def test_a_chart_of_nothing_is_drawn_all_the_same(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="comes with the bench extra")
    draw(Results("2026-01-02", {"cpu": "Some CPU", "cores": 2}, {}), tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
