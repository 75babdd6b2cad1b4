import json
from io import StringIO
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from benchmarks.embed.figures import Results, Standing, Start
from benchmarks.embed.report import draw, from_json, show, stem, to_json

MACHINE = {"device": "cpu", "gpu": None, "cpu": "Some(R) CPU @ 2.00GHz", "cores": 2, "amx": False}


@pytest.fixture
def results() -> Results:
    return Results(
        date="2026-01-02T03:04:05+00:00",
        machine=MACHINE,
        settings={"rounds": 3},
        contenders={
            "eager": Standing("eager PyTorch", "float32", cosine=1.0, cold=Start(3.0), warm=[Start(2.5)]),
            "onnxruntime": Standing("ONNX Runtime", missing="onnxruntime is not installed"),
            "openvino": Standing("OpenVINO", failed="exit status -9: out of [memory]"),
            "vizinho": Standing("Vizinho", "bfloat16, compiled", cosine=0.9995, cold=Start(3.0, 40.0)),
        },
        rounds=[
            {"eager": {"batch 1": 10.0, "batch 8": 20.0}, "vizinho": {"batch 1": 50.0}},
            {"eager": {"batch 1": 11.0}, "vizinho": {"batch 1": 44.0, "JPEG 224 px, 16 callers": 0.0}},
            {"eager": {"batch 1": 12.0}, "vizinho": {"batch 1": 36.0}},
        ],
    )


def test_json_reads_back_as_it_was_written(results: Results) -> None:
    assert from_json(to_json(results)) == results


def test_json_says_what_follows_from_the_rounds(results: Results) -> None:
    written = json.loads(to_json(results))
    medians = written["medians"]["vizinho"]["batch 1"]
    assert medians == {"images_per_s": 44.0, "spread": pytest.approx(7 / 44), "times_eager": 4.0}
    assert written["rounds"][0]["vizinho"]["batch 1"] == 50.0
    verdicts = {target["verdict"] for target in written["targets"]}
    assert verdicts == {"met", "not measured", "not applicable here: no AMX"}


def test_the_table_shows_rates_ratios_and_why_figures_are_missing(results: Results) -> None:
    console = Console(width=100, record=True, file=StringIO())
    show(results, console)
    shown = console.export_text()
    assert "44.0 ±16%" in shown
    assert "4.00x" in shown
    assert "ONNX Runtime: onnxruntime is not installed" in shown
    assert "OpenVINO: FAILED: exit status -9: out of [memory]" in shown
    assert "not applicable here: no AMX" in shown


def test_files_are_named_after_the_processor() -> None:
    assert stem(MACHINE) == "embed-some-r-cpu-2-00ghz-2-cores"
    assert stem(MACHINE | {"device": "cuda", "gpu": "Some GPU X1"}) == "embed-some-gpu-x1"


def test_the_chart_is_a_picture_with_a_bar_for_each_figure(results: Results, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="comes with the bench extra")
    draw(results, tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as chart:
        assert chart.format == "PNG"
        assert chart.width > 1000
        colours = {colour for _, colour in chart.convert("RGB").getcolors(1 << 24) or []}
    assert {(0x9A, 0x9A, 0x9A), (0x2E, 0x7D, 0x4F)} <= colours
    assert (0xE0, 0xA4, 0x58) not in colours


def test_a_chart_of_nothing_is_drawn_all_the_same(results: Results, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="comes with the bench extra")
    results.rounds = []
    for standing in results.contenders.values():
        standing.missing = "nothing is installed"
    draw(results, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
