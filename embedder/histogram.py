"""How a pixel's colour is told apart from others: three axes, cut into overlapping ranges."""

from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Bin = tuple[tuple[int, ...], ...]  # the numbers of one range or of neighbours, for each axis

# Red, green and blue in twice the darkness, in the same plus how red and in the same plus how yellow the pixel is;
# then likewise from lightness. The large common part makes a max pool choose one pixel for all three: the darkest
# around, or the lightest. Anything between would be a colour that is not in the picture.
DARK = np.array([[0.5, 1, 0.5], [-0.5, 2, 0.5], [0, 0.5, 1.5]])
LIGHT = np.array([[0.5, 1, 0.5], [1.5, 0, 0.5], [1, 1.5, -0.5]])
LIFTS = np.array([0, 0.5, 0, 0, 0, 0.5])  # keep them from falling below zero

# How darkness, redness and yellowness are read off the three again.
READINGS = (
    ((0.5, 0, 0), (-1, 1, 0), (-1, 0, 1)),
    ((-0.5, 0, 0), (-1, 1, 0), (-1, 0, 1)),
)
READING_STARTS = ((0, -0.5, 0), (1, 0, -0.5))

# The ranges' middles: close together around grey, where the eye tells most colours apart.
_CHROMA = (-0.6, -0.36, -0.18, -0.06, 0.06, 0.18, 0.36, 0.6)
_MIDDLES = ((0.05, 0.275, 0.5, 0.725, 0.95), _CHROMA, _CHROMA)
_GREY = (3, 4)  # the ranges on either side of it
# Beyond the neighbours' middles: no farther, and a colour half way between all middles would be seen by nobody.
_REACH = 1.75  # of the way to the neighbour
_OUTWARDS = 8.0  # the outermost ranges take in all that lies beyond them
_REACHED = 2.64  # of 3, by some colour: what less is left for is not worth a bin


class Range(NamedTuple):
    """Answers 1 in its middle and 0 from so far below and above on."""

    middle: float
    below: float
    above: float

    def answers(self, values: Numbers) -> Numbers:
        outside = np.maximum((self.middle - values) / self.below, (values - self.middle) / self.above)
        inside: Numbers = np.maximum(0, 1 - outside)
        return inside


def _ranges(middles: tuple[float, ...]) -> tuple[Range, ...]:
    gaps = [(upper - lower) * _REACH for lower, upper in pairwise(middles)]
    return tuple(map(Range, middles, [_OUTWARDS, *gaps], [*gaps, _OUTWARDS]))


AXES = tuple(map(_ranges, _MIDDLES))


def colour_bins() -> list[Bin]:
    """The axes are oblique, so that most combinations of ranges stand for no colour at all. Nearly white is left
    out: in pictures of products it is the wall behind them."""
    steps = np.arange(17) / 16
    cube = np.array(list(product(steps, steps, steps)))
    values = (cube @ DARK[0] / 2, cube @ (DARK[1] - DARK[0]), cube @ (DARK[2] - DARK[0]))
    answers = [[each.answers(along) for each in axis] for axis, along in zip(AXES, values, strict=True)]
    return [
        ((dark,), (red,), (yellow,))
        for dark, red, yellow in product(*(range(len(axis)) for axis in AXES))
        if (answers[0][dark] + answers[1][red] + answers[2][yellow]).max() > _REACHED
        and (dark > 0 or not {red, yellow} <= {*_GREY})
    ]


def grey_bins() -> list[Bin]:
    """Grey lies where the ranges around it meet. These answer to it as a whole, whichever side it leans to."""
    return [((dark,), _GREY, _GREY) for dark in range(1, len(AXES[0]))]


def is_greyish(colour: Bin) -> bool:
    return {*colour[1], *colour[2]} <= {*_GREY}


def threshold(colour: Bin) -> float:
    """What the ranges of a bin must come to before it answers, so that it answers 1 at the most."""
    most = (1, 1, 1) if len(colour[1]) == 1 else (1, *(2 - 1 / _REACH,) * 2)
    return sum(most) - 1
