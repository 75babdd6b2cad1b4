"""Which pictures come when."""

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]


def epoch_order(kinds: NDArray[np.int64], balance: float, seed: int, epoch: int) -> Places:
    """As many as there are, at random. With a balance of 1 every kind comes as often as any other, with 0 as often as
    there are pictures of it; in between the rare ones come more than once and some of the frequent ones not at all."""
    dice = np.random.default_rng((seed, epoch))
    _, kind, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    weights = counts[kind] ** -balance
    # Evenly spread marks rather than draws: each comes as often as its weight says, give or take one.
    marks = (np.arange(len(kinds)) + dice.random()) / len(kinds)
    mixed = dice.permutation(len(kinds))  # else the marks would fall on the same pictures in every epoch
    ends = np.cumsum(weights[mixed]) / weights.sum()
    taken = mixed[np.searchsorted(ends, marks).clip(max=len(kinds) - 1)]
    return dice.permutation(taken)
