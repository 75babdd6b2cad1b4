import json
from io import StringIO

import pytest
from rich.console import Console

from benchmarks.quality.figures import BestMatch, Precision, Results
from benchmarks.quality.report import from_json, show, to_json


@pytest.fixture
def results() -> Results:
    return Results(
        date="2026-01-02T03:04:05+00:00",
        machine={"cpu": "Some(R) CPU @ 2.00GHz", "cores": 2},
        settings={"catalogue": "sample-7", "limit": None},
        embedder={"fingerprint": "resnet50.weights-0123abcd", "weights": "untrained", "precision": "float32"},
        products=1400,
        best=[BestMatch("leaf", 1400, 0.914, 0.85, 0.4, 0.251, 1.0)],
        precision=[Precision("baseColour", "all", 1400, 0.4321, 0.1234)],
    )


def test_json_reads_back_as_it_was_written(results: Results) -> None:
    assert from_json(to_json(results)) == results


def test_json_says_whether_the_target_was_met(results: Results) -> None:
    target = json.loads(to_json(results))["targets"][0]
    assert (target["bound"], target["figure"], target["verdict"]) == (0.9, 0.914, "met")


def test_every_figure_is_shown_beside_chance(results: Results) -> None:
    console = Console(width=110, record=True, file=StringIO())
    show(results, console)
    shown = console.export_text()
    for words in ("1,400 products", "weights-0123abcd", "91.4%", "25.1%", "0.432", "0.123", "met"):
        assert words in shown
