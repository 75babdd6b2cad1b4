"""A small run of the real things."""

from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.api.figures import NAIVE, OURS
from benchmarks.api.pictures import lay_out
from benchmarks.api.reading import flood_from, load_from
from benchmarks.api.rounds import client_process
from benchmarks.api.services import NotServing, serving
from tests.pictures import COLOURS, picture


def pictures(folder: Path) -> Path:
    for colour in COLOURS:
        (folder / f"{colour}.jpg").write_bytes(picture(colour, side=300))
    return lay_out(folder, folder / "laid out", 3)


def test_pictures_have_the_sides_that_are_asked_for(tmp_path: Path) -> None:
    folder = pictures(tmp_path)
    for side in (224, 1000):
        files = sorted((folder / str(side)).iterdir())
        assert len(files) == 3
        for file in files:
            with Image.open(file) as opened:
                assert opened.size == (side, side)


def test_without_a_folder_pictures_are_drawn(tmp_path: Path) -> None:
    folder = lay_out(None, tmp_path / "drawn", 2)
    assert len({file.read_bytes() for file in (folder / "224").iterdir()}) == 2


def test_the_real_service_and_a_naive_one_are_measured_by_the_same_clients(tmp_path: Path) -> None:
    pytest.importorskip("psutil", reason="comes with the bench extra")
    folder = pictures(tmp_path)
    eager = {"compilation": "off", "backbone": "mobilenet_v3_large"}
    with (
        serving([OURS, NAIVE], tmp_path, 10, **eager, queue_size="2") as services,
        closing(client_process(tmp_path, folder)) as client,
    ):
        ours, naive = services[OURS], services[NAIVE]
        asking = {"do": "load", "side": 224, "clients": 1, "seconds": 0.3}
        measured = {one.port: load_from(client.ask(port=one.port, **asking)) for one in (ours, naive)}
        for load in measured.values():
            assert load.per_s > 1
            assert set(load.answers) == {"200"}
        assert set(measured[ours.port].stages_ms) == {"decode", "embed", "search"}
        assert measured[ours.port].rest
        assert measured[naive.port].rest is None
        flood = flood_from(client.ask(do="flood", port=ours.port, side=224, per_s=400, seconds=0.5))
        assert set(flood.answers) == {"200", "503"}
        assert sum(flood.answers.values()) == 200


def test_a_service_that_does_not_come_up_leaves_its_words(tmp_path: Path) -> None:
    with pytest.raises(NotServing, match="negative dimensions"), serving([NAIVE], tmp_path, products=-1):
        pass
