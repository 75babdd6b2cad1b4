"""ResNet50's weights, laid out to measure colour, texture and outline.

The first layer takes the colour of single pixels and the edges in six directions. Stage 1 tells in which range of each
colour axis a pixel lies and compares edges with their neighbours, at random. Stage 2 tells in which ranges of all three
axes it lies, which makes a histogram. Stage 3 averages that and holds down what is large, as the square root of a
histogram would, so that a print counts beside the cloth it is on. Stage 4 adds up edges by ninths of the picture, for
the outline, and sets textures against each other, at random. Blocks that are left empty pass on what they get.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from .backbones import MEAN, STD
from .histogram import (
    AXES,
    DARK,
    LIFTS,
    LIGHT,
    READING_STARTS,
    READINGS,
    Bin,
    Numbers,
    colour_bins,
    grey_bins,
    is_greyish,
    threshold,
)

State = dict[str, NDArray[np.float32]]

# Edges are looked for in brightness and in two opponent colours, in six directions, from either side.
_CONTRASTS = np.array([[2, 4, 2], [4, -4, 0], [2, 2, -4]]) / 8
_DIRECTIONS = ((8, 0), (7, 4), (4, 7), (0, 8), (-4, 7), (-7, 4))
_EDGES = len(_DIRECTIONS)
_PER_DIRECTION = len(_CONTRASTS) * 2
_COLOURS = len(DARK) + len(LIGHT)
_TEXTURES = 28
_SEEN = 1 + _EDGES + _TEXTURES  # goes with the bins from stage 3 on; the first is how much colour there is
_BORDERS = ((-1, 0), (1, 0), (0, -1), (0, 1))  # upper, lower, left, right
_PLACES = 9

_FULL_EDGE = 0.25  # a stronger edge counts no more: a pattern is the same in bold and in pale colours
_GAIN = 8.0  # keeps averages clear of the numbers that float16 loses
_GREY_GAIN = 2.0  # there is some in every shade and shadow
_EDGE_SHARE = 1 / 16  # edges are everywhere, agreements among them are rare
_CEILING = 0.05  # what a colour has above it counts a quarter, and again so in the next block
_OUTLINE_GAIN = 0.53
_TEXTURE_GAIN = 0.15
_CONSTANT = 0.02  # all that an empty picture has, which must still have a direction


class _Block:
    """A bottleneck: a 1x1 convolution in, a 3x3, a 1x1 out, and around them an identity or another 1x1."""

    def __init__(self, state: State, name: str) -> None:
        self.enter, self.enter_shift = state[f"{name}.conv1.weight"][:, :, 0, 0], state[f"{name}.bn1.bias"]
        self.look, self.look_shift = state[f"{name}.conv2.weight"], state[f"{name}.bn2.bias"]
        self.leave, self.leave_shift = state[f"{name}.conv3.weight"][:, :, 0, 0], state[f"{name}.bn3.bias"]
        if f"{name}.downsample.0.weight" in state:
            self.around = state[f"{name}.downsample.0.weight"][:, :, 0, 0]
            self.around_shift = state[f"{name}.downsample.1.bias"]

    def average(self, count: int) -> None:
        self.enter[range(count), range(count)] = 1
        self.look[range(count), range(count)] = 1 / 9


def lay_out(state: State, generator: np.random.Generator) -> None:
    """`state` comes with convolutions of zero and normalisations that do nothing."""
    ranges = [(s, axis, i) for s in (0, 1) for axis in (0, 1, 2) for i in range(len(AXES[axis]))]
    bins = colour_bins() + grey_bins()
    _see(state)
    _cut(_Block(state, "layer1.0"), ranges)
    _compare(_Block(state, "layer1.1"), len(ranges), generator)
    _combine(_Block(state, "layer2.0"), ranges, bins)
    _merge(_Block(state, "layer3.0"), len(bins))
    for number in (1, 2, 3):
        _hold_down(_Block(state, f"layer3.{number}"), len(bins))
    for number in (1, 2, 3, 4, 5):
        _move_in(_Block(state, f"layer3.{number}"), len(bins) + _SEEN)
    _describe(_Block(state, "layer4.0"), len(bins), generator)


def _see(state: State) -> None:
    kernels, shift = state["conv1.weight"], state["bn1.bias"]
    deviation, mean = np.array(STD), np.array(MEAN)
    colours, lifts = np.concatenate([-DARK, LIGHT]), LIFTS + np.concatenate([DARK.sum(1), np.zeros(3)])
    kernels[:_COLOURS, :, 3, 3] = colours * deviation
    shift[:_COLOURS] = lifts + (colours * mean).sum(axis=1)
    y, x = np.mgrid[-3:4, -3:4]
    window = np.maximum(0, 10 - x * x - y * y) ** 2
    slopes = [(right * x + down * y) * window for right, down in _DIRECTIONS]
    steps = [slope / slope[slope > 0].sum() for slope in slopes]
    for channel, (step, contrast, side) in enumerate(product(steps, _CONTRASTS, (1, -1)), start=_COLOURS):
        kernels[channel] = side * (contrast * deviation)[:, None, None] * step


def _cut(block: _Block, ranges: list[tuple[int, int, int]]) -> None:
    """A range is a line, bent down at its middle by what enters the block and cut off at zero by what leaves it."""
    for channel, (sample, axis, i) in enumerate(ranges):
        middle, below, above = AXES[axis][i]
        reading, start = np.array(READINGS[sample][axis]), READING_STARTS[sample][axis] - middle
        colours = slice(3 * sample, 3 * sample + 3)
        block.enter[channel, colours], block.enter_shift[channel] = reading, start
        block.around[channel, colours], block.around_shift[channel] = reading / below, start / below + 1
        block.leave[channel, channel] = -(1 / below + 1 / above)
    for direction in range(_EDGES):
        channel, first = len(ranges) + direction, _COLOURS + direction * _PER_DIRECTION
        block.enter[channel, first : first + _PER_DIRECTION] = 1 / _FULL_EDGE
        block.around[channel, first : first + _PER_DIRECTION] = 1 / _FULL_EDGE
        block.enter_shift[channel], block.leave[channel, channel] = -1, -1
    used = range(len(ranges) + _EDGES)
    block.look[used, used, 1, 1] = 1


def _compare(block: _Block, first: int, generator: np.random.Generator) -> None:
    edges, textures = range(_EDGES), range(_TEXTURES)
    block.enter[edges, range(first, first + _EDGES)] = 1
    block.look[textures, :_EDGES] = _balanced(generator, (_TEXTURES, _EDGES, 3, 3))
    block.leave[range(first + _EDGES, first + _EDGES + _TEXTURES), textures] = 1


def _combine(block: _Block, ranges: list[tuple[int, int, int]], bins: list[Bin]) -> None:
    """A bin answers where its three ranges do, once for the dark sample and once for the light one."""
    place = {key: channel for channel, key in enumerate(ranges)}
    for channel, (sample, colour) in enumerate(product((0, 1), bins)):
        gain = _GREY_GAIN if is_greyish(colour) else _GAIN
        inputs = [place[sample, axis, i] for axis, numbers in enumerate(colour) for i in numbers]
        block.around[channel, inputs] = gain
        block.around_shift[channel] = -threshold(colour) * gain
    for number in range(_EDGES + _TEXTURES):
        share = _EDGE_SHARE if number < _EDGES else 1
        block.around[2 * len(bins) + number, len(ranges) + number] = _GAIN * share


def _merge(block: _Block, bins: int) -> None:
    """From here on the bins come first, then how much colour there is, edges, textures and four channels of ones."""
    colours, rest = range(bins), range(bins + 1, bins + _SEEN)
    block.enter[colours, colours] = block.enter[colours, range(bins, 2 * bins)] = 0.5
    block.enter[rest, range(2 * bins, 2 * bins + len(rest))] = 1
    block.look[range(bins + _SEEN), range(bins + _SEEN)] = 1 / 9
    block.leave[colours, colours] = block.leave[rest, rest] = 1
    block.leave[bins, colours] = 1 / _GAIN
    block.leave_shift[bins + _SEEN : bins + _SEEN + len(_BORDERS)] = 1


def _hold_down(block: _Block, bins: int) -> None:
    block.average(bins)
    block.look_shift[:bins] = -_CEILING
    block.leave[range(bins), range(bins)] = -0.75


def _move_in(block: _Block, first: int) -> None:
    """The ones move one step away from their border. What comes in from outside the picture is zero."""
    for number, (y, x) in enumerate(_BORDERS):
        channel, here, there = first + number, -1 - number, -5 - number
        block.enter[[here, there], channel] = 1
        block.look[here, here, 1, 1] = block.look[there, there, 1 + y, 1 + x] = 1
        block.leave[channel, [here, there]] = -1, 1


def _describe(block: _Block, bins: int, generator: np.random.Generator) -> None:
    seen, last = bins + _SEEN, len(block.leave) - 1
    outline = range(seen, seen + _PLACES * (1 + _EDGES))
    block.average(seen)
    block.look[outline, outline] = 1 / 9
    for channel, (row, column, what) in zip(
        outline, product(range(3), range(3), range(1 + _EDGES)), strict=True
    ):
        block.enter[channel, bins + what] = 1
        _shut_out(block, channel, row, seen)
        _shut_out(block, channel, column, seen + 2)
    textures = bins + len(outline)
    block.leave[range(bins), range(bins)] = 1
    block.leave[range(bins, textures), outline] = _OUTLINE_GAIN
    block.leave[textures:last, bins + 1 : seen] = (
        _balanced(generator, (last - textures, _SEEN - 1)) * _TEXTURE_GAIN
    )
    block.leave_shift[last] = _CONSTANT
    block.leave *= _GAIN
    block.leave_shift *= _GAIN


def _shut_out(block: _Block, channel: int, third: int, ones: int) -> None:
    """Leaves the channel nothing outside the first, the middle or the last third: no channel here exceeds one."""
    if third == 1:
        block.enter[channel, [ones, ones + 1]] = 1
        block.enter_shift[channel] -= 2
    else:
        block.enter[channel, ones if third == 0 else ones + 1] = -1


def _balanced(generator: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
    """Every filter sums to zero: it answers differences. Sums of numbers of 24 bits are exact in any order."""
    numbers: Numbers = generator.random(shape, dtype=np.float32).astype(np.float64) - 0.5
    size = numbers[0].size
    numbers -= numbers.sum(axis=tuple(range(1, len(shape))), keepdims=True) / size
    numbers *= 8 / size
    return numbers
