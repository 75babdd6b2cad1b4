"""How sure a mean over questions is.

Questions mostly have few different scores. Then drawing them again is drawing how often each score comes: the very same
distribution, at a cost that does not grow with the catalogue.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.figures import Interval

_SEED = 20_240_229
_RESAMPLES = 2_000
_SWAPS = 10_000
_BOUNDS = (0.025, 0.975)
_WORTH_IT = 16  # so much longer takes it to draw how often one score comes than to draw one question
_AT_ONCE = 1 << 22  # numbers in memory
_ROUNDING = 1e-9

Values = NDArray[np.float64]


def interval(values: Values) -> Interval:
    """The mean, and the middle 95 % of the means of questions drawn again."""
    means = np.concatenate(list(_means_again(values, np.random.default_rng(_SEED))))
    low, high = np.quantile(means, _BOUNDS)
    return Interval(float(values.mean()), float(low), float(high))


def exactly(values: Values) -> Interval:
    """Of what is computed, not measured."""
    mean = float(values.mean())
    return Interval(mean, mean, mean)


def by_chance(differences: Values) -> float:
    """How often a mean is as far from zero if each difference may as well have the other sign."""
    observed = abs(differences.sum()) - _ROUNDING
    sums = _sums_of_either_sign(differences, np.random.default_rng(_SEED))
    as_far = sum(int((np.abs(some) >= observed).sum()) for some in sums)
    return (1 + as_far) / (1 + _SWAPS)


def _means_again(values: Values, draw: np.random.Generator) -> Iterator[Values]:
    different, counts = np.unique(values, return_counts=True)
    if _are_many(different, values):
        for size in _sizes(_RESAMPLES, len(values)):
            yield values[draw.integers(0, len(values), (size, len(values)))].mean(axis=1)
        return
    for size in _sizes(_RESAMPLES, len(different)):
        yield draw.multinomial(len(values), counts / len(values), size) @ different / len(values)


def _sums_of_either_sign(values: Values, draw: np.random.Generator) -> Iterator[Values]:
    different, counts = np.unique(np.abs(values), return_counts=True)
    if _are_many(different, values):
        for size in _sizes(_SWAPS, len(values)):
            yield draw.integers(0, 2, (size, len(values)), dtype=np.int8) @ (2 * values) - values.sum()
        return
    for size in _sizes(_SWAPS, len(different)):
        yield (2 * draw.binomial(counts, 0.5, (size, len(counts))) - counts) @ different


def _are_many(different: Values, values: Values) -> bool:
    return len(different) * _WORTH_IT > len(values)


def _sizes(whole: int, width: int) -> Iterator[int]:
    step = max(1, _AT_ONCE // width)
    for start in range(0, whole, step):
        yield min(step, whole - start)
