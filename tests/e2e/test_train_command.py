"""`vizinho train`, run as a person runs it, and what it wrote, loaded as a service loads it."""

from pathlib import Path

import pytest

from embedder import Embedder, EmbedderConfig
from embedder.cards import read_card
from tests.e2e.running import vizinho
from tests.e2e.test_fit_command import draw_shop

_FEW = ("--size", "32", "--epochs", "2", "--batch", "16")


def test_weights_are_learned_measured_written_and_loaded(tmp_path: Path) -> None:
    draw_shop(tmp_path / "shop")
    file = tmp_path / "learned.safetensors"
    words = ("train", tmp_path / "shop", "--held-out", "1/3", "--out", file, *_FEW)
    done = vizinho(tmp_path / "data", *words, backbone="mobilenet_v3_large")
    assert done.returncode == 0, done.stderr
    assert f"vizinho reembed --weights {file}" in done.stdout.replace("\n", "")
    card = read_card(file)
    assert (card["resize"], card["input_size"], card["questions"]) == (36, 32, {"category": 3})
    (measured,) = card["measured"]
    assert measured["label"] == "category"
    assert measured["after"]["low"] <= measured["after"]["value"] <= measured["after"]["high"]
    embedder = Embedder.load(EmbedderConfig("mobilenet_v3_large", str(file), compilation="off"))
    embedder.close()
    assert (embedder.weights.kind, embedder.input_size) == ("file", 32)


@pytest.mark.parametrize(
    ("words", "status", "told", "after_reading"),
    [
        (("--batch", "500"), 1, "fewer than a batch of 500", True),
        (("--labels", "color"), 1, "color: there is nothing to learn", False),
        (("--labels", "category=much"), 2, "labels, such as", False),
    ],
)
def test_what_cannot_be_learned_from_is_told_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], status: int, told: str, after_reading: bool
) -> None:
    draw_shop(tmp_path / "shop")
    words = ("train", str(tmp_path / "shop"), "--out", str(tmp_path / "learned.safetensors"), *words)
    failed = vizinho(tmp_path / "data", *words, backbone="mobilenet_v3_large")
    assert failed.returncode == status
    assert told in failed.stderr.replace("\n", " ")
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "learned.safetensors").exists()
    assert (tmp_path / "learned.safetensors.training").exists() == after_reading
