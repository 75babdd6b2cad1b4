"""The directions in which features differ most, and how far each of them counts."""

from dataclasses import dataclass

import numpy as np

from .errors import ConfigError
from .moments import Moments, Numbers

SHRINKAGE = 0.01

_SEED = 8
_ROUNDS = 4
_MARGIN = 64
_ALIKE = 1e-9  # of features at unit length


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Directions as columns, the longest first, with the mean square along each: from the mean of all, or from zero."""

    origin: Numbers
    squares: Numbers
    directions: Numbers

    def projection(self, exponent: float) -> Numbers:
        """`exponent`: 0 leaves the lengths as they are, 1 makes them all the same (whitening)."""
        scales = self.squares ** (-exponent / 2)
        # The unit is free. This one keeps vectors near the length of one, whatever the exponent.
        scales /= np.sqrt((self.squares * scales**2).sum())
        projection: Numbers = self.directions * scales
        return projection


def axes_of(moments: Moments, dim: int, *, centred: bool) -> Axes:
    length, mean = moments.length, moments.mean
    most = max(0, min(length, moments.count - 1))
    if not 1 <= dim <= most:
        raise ConfigError(
            f"From {moments.count:,} pictures come fits to at most {most} numbers, not to {dim}."
        )
    origin = mean if centred else np.zeros(length)
    products = moments.covariance
    if np.trace(products) < _ALIKE:
        raise ConfigError("These pictures are all the same: there is nothing to fit to.")
    if not centred:
        products += np.outer(mean, mean)
    values, directions = _largest(products, dim)
    # What is measured on few pictures makes the large ones too large and the small ones too small.
    squares = (1 - SHRINKAGE) * values.clip(0) + SHRINKAGE * np.trace(products) / length
    return Axes(origin, squares, _turned(directions))


def _largest(matrix: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """The largest eigenvalues first. Of a few of many, by rounds that cost an eighth of what all of them would."""
    width = count + _MARGIN
    if 4 * width >= len(matrix):
        values, vectors = np.linalg.eigh(matrix)
    else:
        basis = np.random.default_rng(_SEED).standard_normal((len(matrix), width))
        for _ in range(_ROUNDS):
            basis = np.linalg.qr(matrix @ basis)[0]
        values, inside = np.linalg.eigh(basis.T @ matrix @ basis)
        vectors = basis @ inside
    return values[::-1][:count], vectors[:, ::-1][:, :count]


def _turned(directions: Numbers) -> Numbers:
    """Either sign would do; the same one every time makes the same bytes."""
    largest = np.abs(directions).argmax(axis=0)
    turned: Numbers = directions * np.sign(directions[largest, range(directions.shape[1])])
    return turned
