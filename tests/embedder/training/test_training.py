"""A real network learns from drawn pictures what it could not tell before."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from embedder import Embedder, EmbedderConfig, WeightsMismatch, read_image
from embedder.training import (
    Example,
    Learned,
    Pictures,
    Progress,
    Training,
    TrainingConfig,
    TrainingError,
    questions_of,
    read_pictures,
    write_weights,
)

KINDS = 3
CONFIG = TrainingConfig(size=32, input_size=32, epochs=3, batch=16, threads=1, device="cpu")


def drawn(kind: int, seed: int) -> bytes:
    """A disc, a square or a grid: of any colour, anywhere."""
    dice = np.random.default_rng(seed)
    picture = Image.new("RGB", (64, 64), "white")
    pen = ImageDraw.Draw(picture)
    red, green, blue, x, y = (int(each) for each in (*dice.integers(0, 200, 3), *dice.integers(4, 24, 2)))
    colour, box = (red, green, blue), (x, y, x + 32, y + 32)
    if kind == 0:
        pen.ellipse(box, fill=colour)
    elif kind == 1:
        pen.rectangle(box, fill=colour)
    else:
        for step in range(0, 33, 8):
            pen.line((x, y + step, x + 32, y + step), fill=colour, width=3)
            pen.line((x + step, y, x + step, y + 32), fill=colour, width=3)
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def reader(kind: int, seed: int) -> Callable[[], bytes]:
    return lambda: drawn(kind, seed)


def pictures(folder: Path, numbers: range, side: int = 44) -> Pictures:
    examples = [Example(str(n), {"kind": f"kind {n % KINDS}"}, reader(n % KINDS, n)) for n in numbers]
    return read_pictures(examples, side, folder / "pixels", nobody_asks)


def nobody_asks(done: int, total: int) -> None:
    del done, total


class Lesson:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.learned, self.judged = pictures(folder, range(120)), pictures(folder, range(120, 180))
        self.kinds = np.arange(120, 180) % KINDS

    def judge(self, vectors: NDArray[np.float32]) -> float:
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -2)
        nearest = np.argsort(-likeness, axis=1)[:, :5]
        return float((self.kinds[nearest] == self.kinds[:, None]).mean())

    def training(self, config: TrainingConfig = CONFIG, name: str = "") -> Training:
        questions = questions_of([example.labels for example in self.learned.examples])
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return Training(self.learned, self.judged.pixels, self.judge, questions, config, folder)

    def run(self, training: Training, on_progress: Callable[[Progress], None] = lambda _: None) -> Learned:
        try:
            return training.run(on_progress)
        finally:
            training.close()


def last_figure(learned: Learned) -> float:
    assert learned.position.kept_epoch == len(learned.position.figures)
    return learned.position.figures[-1]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return Lesson(tmp_path_factory.mktemp("lesson"))


@pytest.fixture(scope="module")
def learned(lesson: Lesson) -> Learned:
    return lesson.run(lesson.training(name="whole"))


def test_what_it_never_saw_is_told_apart_better_after_a_few_steps(learned: Learned) -> None:
    assert last_figure(learned) > 0.5, "by chance it is a third"
    assert learned.images_per_s > 0


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
@pytest.mark.timeout(300)
def test_a_gpu_learns_it_too(lesson: Lesson) -> None:
    config = replace(CONFIG, device="cuda", threads=None)
    assert last_figure(lesson.run(lesson.training(config, "gpu"))) > 0.5


class Killed(Exception):
    pass


def test_killed_and_run_again_it_ends_as_if_it_had_never_been_killed(
    lesson: Lesson, learned: Learned
) -> None:
    def kill(progress: Progress) -> None:
        if progress.step == 9:
            raise Killed

    with pytest.raises(Killed):
        lesson.run(lesson.training(name="killed"), kill)
    steps: list[int] = []
    again = lesson.run(lesson.training(name="killed"), lambda progress: steps.append(progress.step))
    assert steps[0] == 8, "from the end of the last epoch"
    assert again.position.figures == learned.position.figures
    state, expected = again.network.state_dict(), learned.network.state_dict()
    assert all(torch.equal(state[name], expected[name]) for name in expected)


@pytest.mark.usefixtures("learned")
def test_a_folder_of_another_training_is_not_gone_on_from(lesson: Lesson) -> None:
    training = lesson.training(replace(CONFIG, seed=1), "whole")
    with pytest.raises(TrainingError, match="another training"):
        lesson.run(training)


def test_it_stops_when_it_gets_no_better(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson, "judge", lambda _: 0.5)
    position = lesson.run(lesson.training(replace(CONFIG, batch=120, patience=1), "tired")).position
    assert (position.best_epoch, position.figures) == (1, [0.5, 0.5])


@pytest.mark.parametrize(
    ("name", "figures", "kept"),
    [
        ("rising", [0.3, 0.4, 0.5, 0.55, 0.6, 0.6, 0.6], 7),
        ("wobbling", [0.3, 0.4, 0.5, 0.6, 0.63, 0.6, 0.54, 0.58], 8),
        ("a little lower", [0.6, 0.59, 0.6, 0.59, 0.59], 5),
        ("falling", [0.6, 0.5, 0.4, 0.3, 0.3, 0.3], 1),
    ],
)
def test_the_last_weights_are_kept_unless_the_figures_fell(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, name: str, figures: list[float], kept: int
) -> None:
    given = iter(figures)
    monkeypatch.setattr(lesson, "judge", lambda _: next(given))
    config = replace(CONFIG, batch=120, epochs=len(figures))
    learned = lesson.run(lesson.training(config, name))
    assert learned.position.kept_epoch == kept
    assert learned.position.figures == figures[: len(learned.position.figures)]


def test_a_service_loads_what_was_learned_and_looks_at_pictures_as_small_as_it_did(
    learned: Learned, lesson: Lesson, tmp_path: Path
) -> None:
    path = tmp_path / "learned.safetensors"
    write_weights(path, learned.network, {"input_size": 32, "resize": CONFIG.resize, "why": "a test"})
    embedder = Embedder.load(EmbedderConfig(weights=str(path), device="cpu", compilation="off"))
    try:
        assert embedder.input_size == 32
        assert ".32." in embedder.fingerprint
        seen = [embedder.prepare(read_image(drawn(n % KINDS, n))) for n in range(120, 180)]
        assert seen[0].shape == (32, 32, 3)
        assert lesson.judge(embedder.embed(seen)) == pytest.approx(last_figure(learned), abs=0.08)
    finally:
        embedder.close()


@pytest.mark.parametrize(
    "card", [{"input_size": 33, "resize": 33}, {"input_size": 64, "resize": 32}, {"resize": "x"}]
)
def test_a_card_that_makes_no_sense_is_refused(
    learned: Learned, tmp_path: Path, card: dict[str, object]
) -> None:
    path = tmp_path / "odd.safetensors"
    write_weights(path, learned.network, card)
    with pytest.raises(WeightsMismatch, match="wants pictures of"):
        Embedder.load(EmbedderConfig(weights=str(path), device="cpu", compilation="off"))


def test_pictures_that_cannot_be_read_are_left_out_and_named(tmp_path: Path) -> None:
    examples = [Example("good", {}, reader(0, 0)), Example("bad", {}, lambda: b"no picture")]
    read = read_pictures(examples, 32, tmp_path / "pixels", nobody_asks)
    assert ([each.id for each in read.examples], read.unreadable) == (["good"], ["bad"])
    assert read.pixels.shape == (1, 32, 32, 3)
    assert not list(tmp_path.iterdir()), "the pixels go with their last reader"


def test_where_nothing_is_labelled_there_is_nothing_to_learn(lesson: Lesson, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="nothing to learn"):
        Training(lesson.learned, lesson.judged.pixels, lesson.judge, [], CONFIG, tmp_path)
