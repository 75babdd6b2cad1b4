"""`vizinho evaluate`: on a folder, on the live catalogue, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.in_process import here
from tests.e2e.running import Service
from tests.pictures import COLOURS, picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen products, and one whose picture is none."""
    folder = tmp_path_factory.mktemp("measured") / "shop"
    (folder / "images").mkdir(parents=True)
    rows = ["id,gender,masterCategory,subCategory,baseColour"]
    for number, colour in enumerate(COLOURS):
        for place, (pattern, branch) in enumerate((("solid", "Shirts"), ("stripes", "Tops"))):
            for variant in range(2):
                product = f"{number}{place}{variant}"
                rows.append(f"{product},Women,Apparel,{branch},{colour}")
                data = picture(colour, pattern, variant=variant, side=96)
                (folder / f"images/{product}.jpg").write_bytes(data)
    rows.append("999,Women,Apparel,Tops,red")
    (folder / "images/999.jpg").write_bytes(b"no picture")
    (folder / "styles.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def figures(file: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    found = json.loads(file.read_text(encoding="utf-8"))["figures"]
    return {(one["pipeline"], one["same"], one["inside"]): one for one in found}


def test_a_folder_is_measured_written_and_held_to_bounds(folder: Path, tmp_path: Path) -> None:
    asked = (
        "--same",
        "baseColour",
        "--same",
        "category,baseColour",
        "--at",
        "1",
        "--json",
        tmp_path / "a.json",
    )
    against = ("--against", "rerank=query_expansion", "--report", tmp_path / "report")
    bounds = ("--fail-under", "precision@1:baseColour=0.5", "--fail-under", "mAP@1:baseColour:inside=1.01")
    done = here(tmp_path / "data", "evaluate", folder, *asked, *against, *bounds)
    assert done.exit_code == 5, done.stderr
    assert "mAP@1:baseColour:inside=1.01" in done.stderr
    assert "precision@1:baseColour" not in done.stderr
    found = figures(tmp_path / "a.json")
    ours = found["as in settings", "category,baseColour", "all"]
    assert ours["precision"]["value"] == 1.0  # its other picture is moved by one pixel
    assert found["chance", "category,baseColour", "all"]["precision"]["value"] == pytest.approx(1 / 15)
    assert found["rerank=query_expansion", "baseColour", "category"]["queries"] == 16
    assert "16 products, 16 images; 1 " in done.stdout
    assert {path.name for path in (tmp_path / "report").iterdir()} >= {
        "report.md",
        "chart.png",
        "failures.png",
    }
    assert not (tmp_path / "data" / "store").exists()


def test_a_running_service_s_catalogue_is_measured_with_its_own_vectors(
    shop: Service, tmp_path: Path
) -> None:
    data = shop.log.parent / "data"
    (tmp_path / "pairs.csv").write_text("one,other\nsolid/red,dots/red\nsolid/blue,dots/blue\n")
    asked = (
        "--same",
        "colour",
        "--at",
        "11",
        "--pairs",
        tmp_path / "pairs.csv",
        "--json",
        tmp_path / "a.json",
    )
    done = here(data, "evaluate", *asked, "--against", "distance=euclid")
    assert done.exit_code == 0, done.stderr
    written = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (written["products"], written["unread"]) == (12, 0)
    assert [one["name"] for one in written["pipelines"]][:2] == ["in service", "distance=euclid"]
    own, other = written["pipelines"][:2]
    assert own["embedded_per_s"] is None
    assert other["embedded_per_s"] > 0
    assert own["fingerprint"] != other["fingerprint"]
    index = written["index"]
    assert (index["vectors"], index["queries"], index["recall"]["value"]) == (12, 12, 1.0)
    assert index["bytes_on_disk"] > 12 * own["bytes_per_vector"]
    found = figures(tmp_path / "a.json")
    assert found["in service", "pairs", "all"]["queries"] == 4
    assert found["in service", "colour", "all"]["precision"]["value"] == pytest.approx(2 / 11)


def test_further_images_are_asked_for_by_the_first(tmp_path: Path) -> None:
    rows = ["id,category,image"]
    for colour in COLOURS:
        rows.append(f"{colour},Shirts,{colour}0.jpg|{colour}1.jpg")
        for variant in range(2):
            data = picture(colour, variant=variant, side=96)
            (tmp_path / f"{colour}{variant}.jpg").write_bytes(data)
    (tmp_path / "goods.csv").write_text("\n".join(rows), encoding="utf-8")
    assert here(tmp_path / "data", "ingest", tmp_path / "goods.csv").exit_code == 0
    written = ("--held-out-images", "--at", "1", "--json", tmp_path / "a.json")
    done = here(tmp_path / "data", "evaluate", *written)
    assert done.exit_code == 0, done.stderr
    ours = figures(tmp_path / "a.json")["in service", "images", "all"]
    assert (ours["queries"], ours["precision"]["value"], ours["recall"]["value"]) == (4, 1.0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--same", "baseColor"), 1, "Did you mean 'baseColour'"),
        (("--same", ","), 2, "a label"),
        (("--held-out", "3/2"), 2, "a part of the products"),
        (("--held-out", "1e-9"), 1, "Fewer than two products"),
        (("--against", "weights=nowhere.pth"), 1, "nowhere.pth"),
        (("--against", "weigths=a.pth"), 2, "Did you mean 'weights'"),
        (("--fail-under", "precision@5:category=0.7"), 2, "measured is @10"),
        (("--fail-under", "accuracy@10:category=0.7"), 2, "is no bound"),
        (("--fail-under", "precision@10:colour=0.7"), 2, "is not asked"),
        (("--json", "nowhere/a.json"), 2, "no folder"),
        (("--report", "/dev/null/report"), 2, "cannot be made"),
        (("--held-out-images",), 1, "second image"),
    ],
)
def test_what_cannot_be_measured_is_told_in_a_sentence(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    done = here(tmp_path / "data", "evaluate", folder, *arguments)
    assert done.exit_code == status, done.stderr
    assert sentence in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_where_there_is_no_catalogue_none_is_made(tmp_path: Path) -> None:
    done = here(tmp_path / "data", "evaluate")
    assert (done.exit_code, "no catalogue yet" in done.stderr) == (1, True)
