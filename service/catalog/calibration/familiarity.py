"""Whether a picture is of the kind that the catalogue shows, or of nothing that it could have.

For each kind of nothing a line through the space of vectors, on which products stand at one end and pictures of that
kind at the other: the linear discriminant between a sample of both. A picture is as familiar as the line says on which
it stands farthest from the products. Products that a line was not drawn by tell how far that may be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from service.catalog.calibration.scale import border
from service.store.base import Vector

STRANGE_SHARE = 0.02
"""Of products, those whose own picture is taken for one of nothing."""
_FOLDS = 5
_RIDGE = 1.0  # samples are smaller than vectors are long
_TINY = float(np.finfo(float).tiny)
_NARROWEST = 1e-3  # of what lies between products and nothing: products that are all the same have no spread
_ROUNDING = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    directions: NDArray[np.float32]
    """One a row."""
    origins: tuple[float, ...]
    least: float
    """Of what the lowest of them says."""

    @classmethod
    def of(cls, products: NDArray[np.float32], nothing: Mapping[str, NDArray[np.float32]]) -> Self:
        kinds = list(nothing.values())
        unseen = _said_of_unseen(products, kinds)
        usual, spread = unseen.mean(axis=0), np.maximum(unseen.std(axis=0), _NARROWEST)
        directions, origins = _lines(products, kinds)
        lowest = ((unseen - usual) / spread).min(axis=1)
        return cls(
            (directions / spread[:, None]).astype(np.float32),
            tuple(((origins + usual) / spread).tolist()),
            border(lowest.tolist(), STRANGE_SHARE) - _ROUNDING,
        )

    def knows(self, vector: Vector) -> bool:
        along = self.directions.astype(np.float64) @ vector.astype(np.float64)
        return float((along - self.origins).min()) >= self.least


def _said_of_unseen(
    products: NDArray[np.float32], kinds: Sequence[NDArray[np.float32]]
) -> NDArray[np.float64]:
    """What lines say of products that they were not drawn by: one row a product."""
    said = np.empty((len(products), len(kinds)))
    fold = np.arange(len(products)) % _FOLDS
    for held_out in range(_FOLDS):
        directions, origins = _lines(products[fold != held_out], kinds)
        said[fold == held_out] = products[fold == held_out] @ directions.T - origins
    return said


def _lines(
    products: NDArray[np.float32], kinds: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lines = [_discriminant(products.astype(np.float64), kind.astype(np.float64)) for kind in kinds]
    return np.stack([direction for direction, _ in lines]), np.array([origin for _, origin in lines])


def _discriminant(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The direction, of such a length that the two are 1 apart, and where on it the other is.

    Solved among the samples, of which there may be fewer than numbers in a vector.
    """
    apart = one.mean(axis=0) - other.mean(axis=0)
    spread = np.concatenate(
        [(sample - sample.mean(axis=0)) / np.sqrt(len(sample)) for sample in (one, other)]
    )
    ridge = max(_RIDGE * float(np.mean(np.sum(spread**2, axis=0))), _TINY)
    gram = spread @ spread.T
    gram[np.diag_indices_from(gram)] += ridge
    direction = apart - spread.T @ np.linalg.solve(gram, spread @ apart)
    direction /= max(float(direction @ apart), _TINY)
    return direction, float(other.mean(axis=0) @ direction)
