import numpy as np
import pytest
from numpy.typing import NDArray

from embedder.filters import _SEEN
from embedder.histogram import AXES, DARK, colour_bins, grey_bins, threshold

Numbers = NDArray[np.float64]

_STEPS = np.arange(16) / 15
# Upside down, as the network sees it: 0 is white and 1 is black.
CUBE = np.stack(np.meshgrid(_STEPS, _STEPS, _STEPS), axis=-1).reshape(-1, 3)


def placed(colours: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Darkness, redness and yellowness."""
    return colours @ DARK[0] / 2, colours @ (DARK[1] - DARK[0]), colours @ (DARK[2] - DARK[0])


def histogram(colours: Numbers) -> Numbers:
    answers = [
        [one.answers(along) for one in axis] for axis, along in zip(AXES, placed(colours), strict=True)
    ]
    found = [
        sum(answers[axis][number] for axis, numbers in enumerate(each) for number in numbers)
        - threshold(each)
        for each in colour_bins() + grey_bins()
    ]
    answered: Numbers = np.maximum(0, np.array(found)).T
    return answered


def nearly_white(colours: Numbers) -> NDArray[np.bool_]:
    darkness, redness, yellowness = placed(colours)
    return (darkness < 0.2) & (np.abs(redness) < 0.2) & (np.abs(yellowness) < 0.2)


def test_no_colour_falls_between_the_ranges() -> None:
    answers = histogram(CUBE[~nearly_white(CUBE)]).sum(axis=1)
    assert answers.min() > 0.3


def test_no_bin_answers_more_than_one() -> None:
    assert 0.5 < histogram(CUBE).max() <= 1 + 1e-9


@pytest.mark.parametrize("step", [(0.02, 0, 0), (0, 0.02, 0), (0, 0, 0.02), (0.02, 0.02, 0.02)])
def test_a_slightly_different_colour_looks_nearly_the_same(step: tuple[float, float, float]) -> None:
    inside = CUBE[(CUBE < 0.97).all(axis=1) & ~nearly_white(CUBE)]
    one, other = histogram(inside), histogram(inside + np.array(step))
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    assert ((one * other).sum(axis=1) / lengths).min() > 0.6


def test_there_is_room_for_what_is_seen_in_the_narrowest_layers() -> None:
    bins = len(colour_bins() + grey_bins())
    assert 2 * bins + _SEEN - 1 <= 512  # what leaves stage 2
    assert bins + _SEEN <= 256  # inside stage 3
