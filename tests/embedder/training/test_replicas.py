"""A batch that several copies of a network work through together."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torchvision.models import resnet18

from embedder.lanes import Lanes
from embedder.training.augmentation import drawn_views
from embedder.training.heads import Heads
from embedder.training.labels import Question
from embedder.training.replicas import Learner, Replicas, Share


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    lanes = Lanes(2)
    yield lanes
    lanes.close()


def learner() -> Learner:
    torch.manual_seed(0)
    network = resnet18()
    network.set_submodule("fc", torch.nn.Identity())
    return Learner(network, Heads([Question("kind", ("a", "b"))], [512])).train()


def share(seed: int, count: int = 4) -> Share:
    dice = np.random.default_rng(seed)
    pixels = torch.from_numpy(dice.integers(0, 256, (count, 44, 44, 3), np.uint8))
    return pixels, drawn_views(count, dice), torch.from_numpy(dice.integers(0, 2, (count, 1)))


def gradients(
    learner: Learner, shares: list[Share], lanes: Lanes, *, compiled: bool = False
) -> list[torch.Tensor]:
    Replicas(learner, lanes, compiled=compiled).gradients(shares, 32)
    found = [parameter.grad for parameter in learner.parameters()]
    assert all(each is not None for each in found)
    return [each for each in found if each is not None]


def test_two_that_see_the_same_learn_what_one_does(lanes: Lanes) -> None:
    expected = gradients(learner(), [share(1)], lanes)
    for found, wanted in zip(gradients(learner(), [share(1), share(1)], lanes), expected, strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-5)


def test_two_that_see_parts_add_up_what_they_learn(lanes: Lanes) -> None:
    """Each weighs as much as it has pictures."""
    few, many = share(1, 3), share(2, 5)
    expected = [
        (3 * one + 5 * other) / 8
        for one, other in zip(
            gradients(learner(), [few], lanes), gradients(learner(), [many], lanes), strict=True
        )
    ]
    for found, wanted in zip(gradients(learner(), [few, many], lanes), expected, strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_compiled_it_learns_the_same() -> None:
    """As on a GPU."""
    alone = Lanes(1)
    expected = gradients(learner(), [share(1)], alone)
    compiled = gradients(learner(), [share(1)], alone, compiled=True)
    alone.close()
    whole, wanted = (torch.cat([each.flatten() for each in all_]) for all_ in (compiled, expected))
    assert (whole - wanted).norm() < 0.01 * wanted.norm(), "the sums are taken in another order"
