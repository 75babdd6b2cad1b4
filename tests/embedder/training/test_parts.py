"""What a training is made of: the questions, the order, the views, the rates."""

from collections import Counter

import numpy as np
import pytest
import torch

from embedder.errors import ConfigError
from embedder.training import TrainingConfig, questions_of
from embedder.training.augmentation import drawn_views, seen
from embedder.training.heads import Heads
from embedder.training.labels import UNKNOWN, Question
from embedder.training.optimizer import rate
from embedder.training.order import epoch_order


def test_a_label_is_asked_about_where_enough_pictures_have_it() -> None:
    labels = [
        {"category": "shoes" if n % 2 else "bags", "colour": "red" if n % 3 else "blue", "sku": str(n)}
        | ({"rare": "yes" if n % 2 else "no"} if n < 12 else {})
        for n in range(60)
    ]
    assert [question.label for question in questions_of(labels)] == ["category", "colour"]
    assert [question.label for question in questions_of(labels, ["rare", "nobody has it"])] == ["rare"]
    assert questions_of([{"only": "one"}] * 20) == []


def test_what_is_not_known_is_not_asked() -> None:
    question = Question("colour", ("blue", "red"))
    answers = question.answers([{"colour": "red"}, {}, {"colour": "pink"}])
    assert answers.tolist() == [1, UNKNOWN, UNKNOWN]
    heads = Heads([question], 4, smoothing=0.1)
    features = torch.eye(3, 4)
    alone = heads(features[:1], torch.from_numpy(answers[:1, None]))
    among = heads(features, torch.from_numpy(answers[:, None]))
    torch.testing.assert_close(among * 3, alone)


@pytest.mark.parametrize(("balance", "rare"), [(0.0, 10), (1.0, 50)])
def test_rare_kinds_come_as_often_as_the_balance_says(balance: float, rare: int) -> None:
    kinds = np.array([0] * 90 + [1] * 10)
    order = epoch_order(kinds, balance, seed=3, epoch=0)
    assert len(order) == 100
    assert abs(Counter(kinds[order].tolist())[1] - rare) <= 2


def test_every_epoch_has_its_own_order_and_every_run_the_same() -> None:
    kinds = np.arange(40) % 4
    first = epoch_order(kinds, 0.5, 1, 0)
    assert np.array_equal(first, epoch_order(kinds, 0.5, 1, 0))
    assert not np.array_equal(first, epoch_order(kinds, 0.5, 1, 1))


def test_a_view_shows_the_same_colours_elsewhere() -> None:
    pixels = torch.zeros((8, 48, 48, 3), dtype=torch.uint8)
    pixels[..., 0] = 200
    pictures = seen(pixels, drawn_views(8, np.random.default_rng(0)), 32)
    assert pictures.shape == (8, 3, 32, 32)
    assert pictures[:, 0].min() > 120
    assert pictures[:, 1:].abs().max() < 40, "red stays red"


def test_views_differ_and_are_drawn_alike_from_the_same_dice() -> None:
    one, other = (drawn_views(4, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.frames, other.frames)
    assert len({frame.tobytes() for frame in one.frames}) == 4


def test_the_rate_rises_falls_and_ends_near_nothing() -> None:
    rates = [rate(step, 100) for step in range(100)]
    assert max(rates) == pytest.approx(1, abs=0.01)
    assert rates.index(max(rates)) in range(8, 12)
    assert 0 < rates[-1] < 0.001
    assert rates[0] < 0.1


@pytest.mark.parametrize(
    "wrong",
    [{"input_size": 100}, {"size": 8}, {"epochs": 0}, {"batch": 1}, {"learning_rate": 0}, {"smoothing": 1}],
)
def test_settings_that_cannot_work_are_told(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        TrainingConfig(**wrong)  # type: ignore[arg-type]
