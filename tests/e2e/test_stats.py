"""`vizinho stats`, beside a running service and alone."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.in_process import here
from tests.e2e.running import Service
from tests.pictures import COLOURS


def data_of(service: Service) -> Path:
    return service.log.parent / "data"


def test_a_running_service_s_catalogue_is_counted_without_its_weights(shop: Service) -> None:
    done = here(data_of(shop), "stats", weights="/nowhere.pth")
    assert done.exit_code == 0, done.stderr
    assert "12 products, 12 images" in done.stdout
    assert "Topwear  8" in done.stdout
    assert "colour" in done.stdout
    assert shop.process.poll() is None


def test_one_name_gives_counts_shares_and_bars(shop: Service) -> None:
    done = here(data_of(shop), "stats", "--by", "colour", "--top", "3")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("25.0%") == 4
    assert "█" in done.stdout
    assert "the 3 most frequent, the rest as others" in done.stdout


def test_two_names_give_a_cross_table(shop: Service) -> None:
    done = here(data_of(shop), "stats", "--by", "pattern,category:3", "--json")
    assert done.exit_code == 0, done.stderr
    cross = json.loads(done.stdout)
    rows, columns = ([value["value"] for value in cross[side]["values"]] for side in ("rows", "columns"))
    assert cross["counts"][rows.index("solid")][columns.index("Apparel/Topwear/Shirts")] == len(COLOURS)
    assert sum(map(sum, cross["counts"])) == 12
    shown = here(data_of(shop), "stats", "--by", "pattern,colour")
    assert "pattern \\ colour" in shown.stdout
    assert "12 products" in shown.stdout


def test_an_unknown_name_is_told_with_the_nearest(shop: Service) -> None:
    done = here(data_of(shop), "stats", "--by", "color")
    told = " ".join(done.stderr.split())  # wherever its lines are broken
    assert (done.exit_code, "Did you mean 'colour'" in told) == (1, True), told


def test_no_catalogue_is_a_sentence(tmp_path: Path) -> None:
    done = here(tmp_path / "data", "stats")
    assert (done.exit_code, "no catalogue yet" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("by", "name"), [((), "all.png"), (("--by", "price"), "one.png"), (("--by", "colour,price"), "two.svg")]
)
def test_a_chart_is_drawn_whole(shop: Service, tmp_path: Path, by: tuple[str, ...], name: str) -> None:
    pytest.importorskip("seaborn", reason="the optional part `plots` is not installed")
    done = here(data_of(shop), "stats", *by, "--plot", tmp_path / name)
    assert done.exit_code == 0, done.stderr
    assert "Warning" not in done.stderr
    if name.endswith(".png"):
        with Image.open(tmp_path / name) as image:
            image.load()
            assert image.width > 800
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_without_seaborn_a_chart_is_refused_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "seaborn", None)
    done = here(tmp_path / "data", "stats", "--plot", tmp_path / "out.png")
    assert done.exit_code == 1
    assert "pip install 'vizinho[plots]'" in done.stderr
    assert not (tmp_path / "data").exists(), "told before anything is opened"
