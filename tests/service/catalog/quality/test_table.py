"""The figures in the terminal and on the page, word by word."""

import re
from dataclasses import replace

import pytest
from rich.console import Console

from service.catalog.quality.figures import Evaluation
from service.catalog.quality.markdown import report_of
from service.catalog.quality.table import table_of

from .found import SHIRTS, around, evaluation, figure


def printed(found: Evaluation, width: int = 140) -> list[list[str]]:
    console = Console(width=width, color_system=None, record=True, quiet=False, file=None)
    with console.capture() as captured:
        console.print(table_of(found))
    return [line.split() for line in captured.get().splitlines()]


def row_of(lines: list[list[str]], name: str, nth: int = 0) -> list[str]:
    return [line for line in lines if line[: len(name.split())] == name.split()][nth]


def test_every_pipeline_stands_beside_chance_and_the_baselines() -> None:
    lines = printed(evaluation("resnet50", "trained"))
    assert row_of(lines, "chance") == ["chance", "0.070", "0.070", "0.070", "0.070"]
    values = [word for value in ("0.300", "0.310", "0.320", "0.330") for word in (value, "±0.010")]
    assert row_of(lines, "colour histogram") == ["colour", "histogram", *values]
    assert row_of(lines, "resnet50")[:3] == ["resnet50", "0.500", "±0.010"]
    assert row_of(lines, "precision@10")[:4] == ["precision@10", "recall@10", "R@1", "mAP@10"]


def test_a_difference_has_its_interval_and_its_marks() -> None:
    lines = printed(evaluation("resnet50", "trained", "fitted"))
    assert row_of(lines, "trained")[-3:] == ["+0.050", "±0.010", "**"]
    assert row_of(lines, "trained")[:4] == ["trained", "0.550", "±0.010", "**"]
    assert row_of(lines, "fitted")[-2:] == ["+0.100", "±0.010"], "what may be chance has no mark"
    assert row_of(lines, "precision@10")[-1] == "gain"
    assert "The gain is in precision@10, over 'resnet50'." in " ".join(
        word for line in lines for word in line
    )


def test_one_pipeline_alone_has_nothing_to_be_over() -> None:
    assert row_of(printed(evaluation("resnet50")), "precision@10")[-1] == "mAP@10"


def test_an_uneven_interval_is_told_by_its_farther_end() -> None:
    uneven = replace(figure("resnet50", 0.5), precision=replace(around(0.5), low=0.47, high=0.51))
    lines = printed(replace(evaluation("resnet50"), figures=[uneven]))
    assert row_of(lines, "resnet50")[:3] == ["resnet50", "0.500", "±0.030"]


def test_each_question_has_a_table_of_its_own() -> None:
    lines = printed(evaluation("resnet50", "trained", sames=("category", "category,baseColour")))
    titles = [" ".join(line) for line in lines if line[:1] == ["Same"]]
    assert titles == [
        "Same category, in the whole catalogue: 120 products asked, 10 others have no match there",
        "Same category, inside the category: 120 products asked",
        "Same category and baseColour, in the whole catalogue: 120 products asked",
        "Same category and baseColour, inside the category: 120 products asked",
    ]


def test_size_and_speed_and_the_index_are_told() -> None:
    lines = printed(evaluation("resnet50"))
    assert row_of(lines, "resnet50", -1) == ["resnet50", "2,048", "8.2", "kB", "8.2", "GB", "210", "15,321"]
    told = " ".join(word for line in lines[-6:] for word in line)
    assert "131 vectors, 3.2 MB on disk" in told
    assert "0.998 ±0.001" in told
    assert "900 searches/s instead of 300" in told
    assert row_of(lines, SHIRTS)[:4] == [SHIRTS, "120", "0.070", "0.500"]


@pytest.mark.parametrize("name", ["trained", "weights=a-rather-long-name-of-a-file-of-weights.safetensors"])
def test_no_figure_is_broken_on_a_narrow_screen(name: str) -> None:
    lines = printed(evaluation("resnet50", name), width=72)
    words = [word for line in lines for word in line]
    assert words.count("0.550") == 3, "in the two places that were searched, and of the category"
    assert words.count("+0.050") == 2
    assert words.count("15,321") == 2, "of either pipeline"


def test_the_page_holds_the_same_figures() -> None:
    page = report_of(evaluation("resnet50", "trained"), ["chart.png", "failures.png"])
    row = (
        "| trained | 0.550 ±0.010 \\*\\* | 0.560 ±0.010 \\*\\* | 0.570 ±0.010 \\*\\* | 0.580 ±0.010 \\*\\* |"
    )
    assert f"{row} +0.050 ±0.010 \\*\\* |" in page
    assert "| trained over resnet50 | same category, inside the category | +0.050 ±0.010" in page
    assert "![The worst failures](failures.png)" in page
    assert "differences.png" not in page
    assert "(evaluation.json)" in page


def test_names_from_the_shop_cannot_break_the_page() -> None:
    hostile = "a | b\n# <script>![x](y) \ud800"
    found = evaluation("resnet50", hostile)
    page = report_of(replace(found, categories=[replace(found.figures[0], category=hostile)]), [])
    assert page.encode()
    assert [line for line in page.splitlines() if line.startswith("# ")] == ["# How good the matches are"]
    bare = re.sub(r"\\.", "", page)
    assert not re.search(r"[<>]|!\[x", bare)
    tables = re.findall(r"(?:^\|.*\n)+", bare, re.MULTILINE)
    assert len(tables) > 3
    assert all(len({line.count("|") for line in table.splitlines()}) == 1 for table in tables)
    assert printed(found)
