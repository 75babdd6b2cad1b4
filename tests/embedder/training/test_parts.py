"""What a training is made of: the questions, the order, the views, the rates."""

from collections import Counter

import numpy as np
import pytest
import torch

from embedder.backbones import STD
from embedder.errors import ConfigError
from embedder.training import TrainingConfig, questions_of
from embedder.training.augmentation import drawn_views, seen
from embedder.training.heads import Heads
from embedder.training.labels import UNKNOWN, Question
from embedder.training.optimizer import Descent, rate
from embedder.training.order import epoch_order
from embedder.training.replicas import Learner
from embedder.training.vectors import settle


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
    heads = Heads([question], [4])
    features = torch.eye(3, 4)
    alone = heads(features[:1], torch.from_numpy(answers[:1, None]))
    among = heads(features, torch.from_numpy(answers[:, None]))
    torch.testing.assert_close(among * 3, alone)


def test_a_question_counts_as_much_as_its_weight_says() -> None:
    features, answers = torch.eye(3, 4), torch.tensor([[0, 1], [1, 0], [1, 1]])

    def loss(*weights: float) -> torch.Tensor:
        torch.manual_seed(0)
        heads = Heads([Question(str(weight), ("a", "b"), weight) for weight in weights], [4])
        found: torch.Tensor = heads(features, answers)
        return found

    torch.testing.assert_close(loss(1, 3) - loss(1, 1), 2 * (loss(1, 2) - loss(1, 1)))
    assert loss(1, 2) > loss(1, 1)
    torch.testing.assert_close(loss(2, 2), 2 * loss(1, 1))


@pytest.mark.parametrize("values", [2, 5, 40])
def test_no_answer_is_surer_than_it_may_be_however_many_there_are(values: int) -> None:
    heads = Heads([Question("kind", tuple(map(str, range(values))))], [values])
    (weights,) = heads.parameters()
    weights.data = torch.eye(values)
    answers = torch.arange(values)[:, None]
    undecided = heads(torch.zeros(values, values), answers)
    sure = (1 / values) ** (heads(torch.eye(values), answers) / undecided)
    torch.testing.assert_close(sure, torch.tensor(0.6))


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


def test_weights_that_learn_nothing_come_as_near_to_zero_however_long_it_takes() -> None:
    few, many = (left_after(steps) for steps in (100, 1000))
    assert 0 < many < 0.9
    assert few == pytest.approx(many, rel=0.05)


def test_what_is_usual_is_learned_across_the_catalogue_and_not_along_it() -> None:
    pixels = np.zeros((64, 8, 8, 3), np.uint8)
    pixels[32:] = 255
    norm = torch.nn.BatchNorm2d(3)
    network = torch.nn.Sequential(norm, torch.nn.Flatten())
    settle(Learner(network, Heads([Question("kind", ("a", "b"))], [192])), pixels, 8, 8)
    between = torch.tensor([1 / each for each in STD])
    assert norm.running_var is not None
    torch.testing.assert_close(norm.running_var.sqrt(), between / 2, rtol=0.01, atol=0)


def left_after(steps: int) -> float:
    config = TrainingConfig(weight_decay=0.1)
    learner = Learner(torch.nn.Flatten(), Heads([Question("kind", ("a", "b"))], [4]))
    descent = Descent(list(learner.parameters()), config, steps)
    (weights,) = learner.heads.parameters()
    before = weights.detach().norm()
    for step in range(steps):
        weights.grad = torch.zeros_like(weights)
        descent.step(step)
    return float(weights.detach().norm() / before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"input_size": 100},
        {"size": 8},
        {"epochs": 0},
        {"batch": 1},
        {"patience": 0},
        {"learning_rate": 0},
        {"balance": 2},
    ],
)
def test_settings_that_cannot_work_are_told(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        TrainingConfig(**wrong)  # type: ignore[arg-type]
