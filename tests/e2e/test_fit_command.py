"""`vizinho fit`, run as a person runs it."""

from pathlib import Path

from embedder.backbones import BACKBONES
from embedder.fits import read_fit
from tests.e2e.running import Service, vizinho
from tests.pictures import COLOURS, picture


def draw_shop(folder: Path) -> None:
    for pattern in ("solid", "stripes", "dots"):
        for colour in COLOURS:
            for variant in range(0, 15, 3):
                image = folder / pattern / f"{colour}{variant}.jpg"
                image.parent.mkdir(parents=True, exist_ok=True)
                image.write_bytes(picture(colour, pattern, variant=variant, side=96))


def test_a_fit_of_a_folder_is_measured_written_and_loaded(tmp_path: Path) -> None:
    draw_shop(tmp_path / "shop")
    file = tmp_path / "fit.safetensors"
    done = vizinho(
        tmp_path / "data",
        "fit",
        tmp_path / "shop",
        "--dim",
        "8",
        "--out",
        file,
        backbone="mobilenet_v3_large",
    )
    assert done.returncode == 0, done.stderr
    assert read_fit(file, BACKBONES["mobilenet_v3_large"]).dim == 8
    assert done.stdout.count("✓") == 1
    assert "precision@10 of category" in done.stdout
    assert f"vizinho reembed --fit {file}" in done.stdout.replace("\n", "")


def test_the_live_catalogue_is_too_small_to_learn_much_from(shop: Service, tmp_path: Path) -> None:
    """While it is served: its pictures are read, and nothing is written."""
    failed = vizinho(shop.log.parent / "data", "fit", "--dim", "64", "--out", tmp_path / "fit.safetensors")
    assert failed.returncode == 1
    assert "pictures come fits to at most" in failed.stderr.replace("\n", " ")
    assert "Traceback" not in failed.stderr
    assert list(tmp_path.iterdir()) == []
