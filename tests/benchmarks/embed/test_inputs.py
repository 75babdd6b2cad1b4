from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.embed.contenders import LOADERS, PIXELS
from benchmarks.embed.figures import NAMES
from benchmarks.embed.inputs import lay_out_pictures


def test_every_name_can_be_loaded() -> None:
    assert NAMES.keys() == LOADERS.keys()


def test_the_drawn_pictures_are_many_and_always_the_same(folder: Path, tmp_path: Path) -> None:
    lay_out_pictures(None, tmp_path)
    pixels = np.load(folder / PIXELS)
    assert pixels.shape == (16, 224, 224, 3)
    assert (pixels == np.load(tmp_path / PIXELS)).all()
    assert len({picture.tobytes() for picture in pixels}) == 16
    for side in (224, 1000):
        with Image.open(folder / str(side) / "03.jpg") as picture:
            assert (picture.format, picture.size) == ("JPEG", (side, side))


def test_a_folder_of_pictures_keeps_its_proportions(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (300, 200), "red").save(tmp_path / "in" / "a.png")
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    (tmp_path / "out").mkdir()
    lay_out_pictures(tmp_path / "in", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out" / "224").iterdir()] == ["00.jpg"]
    with Image.open(tmp_path / "out" / "224" / "00.jpg") as picture:
        assert picture.size == (336, 224)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no pictures"):
        lay_out_pictures(tmp_path, tmp_path)
