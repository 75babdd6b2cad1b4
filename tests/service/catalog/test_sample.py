import csv
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from service.catalog.sample import draw_catalogue
from service.catalog.sample.drawing import drawn
from service.catalog.sample.kinds import KINDS, Kind
from service.catalog.sample.palette import SWATCHES
from service.catalog.sample.patterns import PATTERNS
from service.catalog.sample.products import SampleProduct, sample_products
from service.catalog.sources.styles import StylesSource

HEADER = (
    "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName,pattern"
)
SMALL = 64


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "sample"
    draw_catalogue(folder, products=len(KINDS))
    return folder


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "styles.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def touched(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def tshirt(colour: str, pattern: str = "Solid") -> SampleProduct:
    product = next(product for product in sample_products(16, seed=7) if product.kind.noun == "T-shirt")
    return replace(product, swatch=SWATCHES[colour], pattern=pattern)


def middle(product: SampleProduct) -> NDArray[np.float64]:
    """The cloth of the chest, far from every edge of the product."""
    picture = drawn(product, seed=7, side=128)
    return np.asarray(picture.crop((48, 56, 80, 100)), dtype=np.float64)


def test_every_row_has_its_image_and_every_image_its_row(catalogue: Path) -> None:
    ids = [row["id"] for row in rows(catalogue)]
    images = sorted(path.name for path in (catalogue / "images").iterdir())
    assert len(ids) == len(KINDS)
    assert images == sorted(f"{product_id}.jpg" for product_id in ids)


def test_every_image_is_a_jpeg_of_the_promised_size(catalogue: Path) -> None:
    for path in (catalogue / "images").iterdir():
        with Image.open(path) as picture:
            picture.load()
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (512, 512))


def test_the_table_has_the_columns_of_the_data_set_and_the_pattern(catalogue: Path) -> None:
    assert (catalogue / "styles.csv").read_text(encoding="utf-8").splitlines()[0] == HEADER
    assert all(value for row in rows(catalogue) for value in row.values())


def test_the_categories_are_nested_in_three_levels(catalogue: Path) -> None:
    paths = {(row["masterCategory"], row["subCategory"], row["articleType"]) for row in rows(catalogue)}
    assert len(paths) >= 12
    assert len({path[:2] for path in paths}) >= 8
    assert len({path[:1] for path in paths}) >= 3


def test_the_service_reads_it_without_a_reject(catalogue: Path) -> None:
    entries = list(StylesSource(catalogue).entries())
    assert {type(entry).__name__ for entry in entries} == {"Record"}


def test_names_say_what_is_seen() -> None:
    shirt = replace(tshirt("Navy", "Striped"), gender="Women")
    assert shirt.name == "Women's Striped Navy T-shirt"
    assert replace(shirt, gender="Unisex", pattern="Solid").name == "Navy T-shirt"


def test_the_default_catalogue_shows_every_kind_in_all_of_its_colours_and_prints() -> None:
    products = sample_products(400, seed=7)
    assert {(product.kind.noun, product.swatch.name) for product in products} == {
        (kind.noun, colour) for kind in KINDS for colour in kind.colours
    }
    assert {(product.kind.noun, product.pattern) for product in products} == {
        (kind.noun, pattern) for kind in KINDS for pattern in ("Solid", *kind.prints)
    }
    assert len({product.id for product in products}) == 400


def test_every_colour_and_every_pattern_is_in_season_somewhere() -> None:
    assert {colour for kind in KINDS for colour in kind.colours} == set(SWATCHES)
    assert {"Solid"}.union(*(kind.prints for kind in KINDS)) == set(PATTERNS)


@pytest.mark.parametrize("seed", [7, 1, 2])
def test_every_product_has_counterparts_beside_it_in_its_category(seed: int) -> None:
    products = sample_products(400, seed)
    assert min(Counter((product.kind.noun, product.swatch.name) for product in products).values()) >= 4
    assert min(Counter((product.kind.noun, product.pattern) for product in products).values()) >= 4


def test_the_same_seed_draws_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        draw_catalogue(tmp_path / name, products=16, seed=3, side=SMALL)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_another_seed_draws_other_pictures_of_other_products(tmp_path: Path) -> None:
    for seed in (3, 4):
        draw_catalogue(tmp_path / str(seed), products=16, seed=seed, side=SMALL)
    one, other = contents(tmp_path / "3"), contents(tmp_path / "4")
    assert one["styles.csv"] != other["styles.csv"]
    assert all(one[name] != other[name] for name in one if name.endswith(".jpg"))


@pytest.mark.parametrize(
    ("colour", "channel", "other"),
    [("Navy", 2, "Red"), ("Red", 0, "Navy"), ("Green", 1, "Pink"), ("Mustard", 0, "Teal")],
)
def test_a_colour_shows_in_the_middle_of_the_product(colour: str, channel: int, other: str) -> None:
    mean, others = (middle(tshirt(name)).mean(axis=(0, 1)) for name in (colour, other))
    assert mean[channel] == mean.max()
    assert mean[channel] / mean.sum() > others[channel] / others.sum() + 0.05


def test_black_is_darker_than_grey_and_grey_than_white() -> None:
    black, grey, white = (middle(tshirt(name)).mean() for name in ("Black", "Grey", "White"))
    assert black < 70 < grey < 180 < white


def test_every_pattern_looks_different() -> None:
    cloths = {pattern: middle(tshirt("Navy", pattern)) for pattern in PATTERNS}
    plain = cloths["Solid"].std(axis=(0, 1)).max()
    assert all(cloths[name].std(axis=(0, 1)).max() > 2 * plain for name in PATTERNS if name != "Solid")
    for one, other in combinations(PATTERNS, 2):
        assert np.abs(cloths[one] - cloths[other]).mean() > 5, (one, other)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.noun))
def test_every_silhouette_stands_free_on_a_light_background(kind: Kind) -> None:
    product = next(product for product in sample_products(16, seed=7) if product.kind is kind)
    red = replace(product, swatch=SWATCHES["Red"], pattern="Solid")
    pixels = np.asarray(drawn(red, 7, 128), dtype=np.int16)
    border = np.concatenate(
        [pixels[:4].reshape(-1, 3), pixels[-4:].reshape(-1, 3), pixels[:, :4].reshape(-1, 3)]
    )
    assert border.min() > 190
    coloured = (pixels.max(axis=2) - pixels.min(axis=2)) > 60
    assert 0.02 < coloured.mean() < 0.6
    ys, xs = np.nonzero(coloured)
    assert max(np.ptp(ys), np.ptp(xs)) > 0.45 * 128


def test_progress_counts_up_to_the_number_of_products(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    count = draw_catalogue(
        tmp_path, 5, side=SMALL, on_progress=lambda done, total: seen.append((done, total))
    )
    assert count == 5
    assert seen == [(done, 5) for done in range(6)]


def test_a_finished_folder_is_returned_at_once_and_left_alone(catalogue: Path) -> None:
    before, started = touched(catalogue), time.perf_counter()
    assert draw_catalogue(catalogue, products=len(KINDS)) == len(KINDS)
    assert time.perf_counter() - started < 0.5
    assert touched(catalogue) == before


def test_only_what_is_missing_is_drawn_again(tmp_path: Path) -> None:
    draw_catalogue(tmp_path, 8, side=SMALL)
    whole, before = contents(tmp_path), touched(tmp_path)
    (tmp_path / "styles.csv").unlink()
    lost = sorted((tmp_path / "images").iterdir())[3]
    lost.unlink()
    draw_catalogue(tmp_path, 8, side=SMALL)
    assert contents(tmp_path) == whole
    after = touched(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {lost.name, "styles.csv"}


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A folder whose drawing was killed half way."""
    folder = tmp_path / "killed"
    code = "import sys, pathlib, service.catalog.sample as s; s.draw_catalogue(pathlib.Path(sys.argv[1]), 60, side=128)"
    with subprocess.Popen([sys.executable, "-c", code, str(folder)]) as process:
        deadline = time.monotonic() + 30
        while len(list(folder.glob("images/*.jpg"))) < 10 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
    return folder


def test_a_killed_run_is_completed_by_the_next(killed: Path, tmp_path: Path) -> None:
    assert 10 <= len(list(killed.glob("images/*.jpg"))) < 60
    assert not (killed / "styles.csv").exists()
    draw_catalogue(killed, 60, side=128)
    draw_catalogue(tmp_path / "whole", 60, side=128)
    assert contents(killed) == contents(tmp_path / "whole")


def test_other_parameters_replace_the_whole_sample(tmp_path: Path) -> None:
    draw_catalogue(tmp_path / "changed", 8, seed=1, side=SMALL)
    draw_catalogue(tmp_path / "changed", 5, seed=2, side=SMALL)
    draw_catalogue(tmp_path / "fresh", 5, seed=2, side=SMALL)
    assert contents(tmp_path / "changed") == contents(tmp_path / "fresh")


def test_a_folder_with_another_catalogue_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "styles.csv").write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(FileExistsError, match="choose another folder"):
        draw_catalogue(tmp_path, 5, side=SMALL)
    assert contents(tmp_path) == {"styles.csv": b"id\n1\n"}
