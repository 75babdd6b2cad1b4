"""The folder that an evaluation leaves behind."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from embedder import ImageLimits
from service.catalog.quality.as_json import from_json
from service.catalog.quality.report import write_report

from .found import evaluation

FILES = ["chart.png", "differences.png", "evaluation.json", "failures.png", "report.md"]


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_everything_is_in_the_folder_and_links_to_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    found = evaluation("resnet50", "trained")
    write_report(found, folder, ImageLimits())
    assert names_in(folder) == FILES
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert all(f"({name})" in page for name in FILES if name != "report.md")
    assert from_json((folder / "evaluation.json").read_text()).figures == found.figures
    for name in ("chart.png", "differences.png", "failures.png"):
        with Image.open(folder / name) as picture:
            picture.load()
            assert picture.width > 300


def test_a_folder_is_used_again_and_keeps_nothing_of_before_but_what_is_not_ours(tmp_path: Path) -> None:
    write_report(evaluation("resnet50", "trained"), tmp_path, ImageLimits())
    (tmp_path / "notes.txt").write_text("mine")
    write_report(replace(evaluation("resnet50"), worst=[]), tmp_path, ImageLimits())
    assert names_in(tmp_path) == ["chart.png", "evaluation.json", "notes.txt", "report.md"]
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "differences.png" not in page
    assert "trained" not in page


def test_what_cannot_be_written_leaves_the_report_of_before(tmp_path: Path) -> None:
    write_report(evaluation("resnet50"), tmp_path, ImageLimits())
    before = (tmp_path / "report.md").read_bytes()
    (tmp_path / "chart.png").unlink()
    (tmp_path / "chart.png").mkdir()
    with pytest.raises(OSError, match="chart"):
        write_report(evaluation("resnet50", "trained"), tmp_path, ImageLimits())
    assert (tmp_path / "report.md").read_bytes() == before
    assert not [name for name in names_in(tmp_path) if name.endswith(".making")]
