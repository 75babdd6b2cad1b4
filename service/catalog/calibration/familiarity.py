"""Whether a picture is of the kind that the catalogue shows, or of nothing that it could have.

For each kind of nothing a line through the space of directions, on which products stand at one end and pictures of that
kind at the other: the linear discriminant between a sample of both. A picture is as familiar as the line says on which
it stands farthest from the products. Products that a line was not drawn by tell how far that may be.

How far a line may follow its few samples is another matter for every network: of one that learned only what tells
products apart, all that is left of the difference is fine, of one whose vectors are whitened the fine is noise. It is
chosen by what lines say of samples that they were not drawn by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from service.catalog.calibration.scale import border
from service.store.base import Vector
from service.store.scores import of_length_one

STRANGE_SHARE = 0.02
"""Of products, those whose own picture is taken for one of nothing."""
_FOLDS = 5
_RIDGES = (1.0, 0.1, 0.01)
"""Of the samples' mean spread, what is added to each: there are fewer of them than a vector has numbers."""
_FAR_ENOUGH = 5.0  # in spreads of what is said of products: being told apart better than that is no gain
_TINY = float(np.finfo(float).tiny)
_NARROWEST = 1e-3  # of what lies between products and nothing: products that are all the same have no spread
_ROUNDING = 0.05

_Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Familiarity:
    directions: NDArray[np.float32]
    """One a row."""
    origins: tuple[float, ...]
    least: float
    """Of what the lowest of them says."""

    @classmethod
    def of(cls, products: NDArray[np.float32], nothing: Mapping[str, NDArray[np.float32]]) -> Self:
        """Of each kind of nothing it takes several."""
        own, *others = (of_length_one(each.astype(np.float64)) for each in (products, *nothing.values()))
        ridge, unseen = max(_unseen(own, others), key=lambda each: each[1].apart)
        (lines,) = _lines(own, others, (ridge,))
        return cls(
            (lines.directions / unseen.spread[:, None]).astype(np.float32),
            tuple(((lines.origins + unseen.usual) / unseen.spread).tolist()),
            unseen.least,
        )

    def knows(self, vector: Vector) -> bool:
        along = self.directions.astype(np.float64) @ of_length_one(vector.astype(np.float64))
        return float((along - self.origins).min()) >= self.least


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """One for each kind of nothing."""

    directions: _Numbers
    origins: _Numbers

    def say(self, vectors: _Numbers) -> _Numbers:
        """One row a vector."""
        return np.asarray(vectors @ self.directions.T - self.origins)


@dataclass(frozen=True, slots=True, eq=False)
class _Unseen:
    """What lines say of samples that they were not drawn by."""

    usual: _Numbers
    spread: _Numbers
    least: float
    apart: float
    """How far beyond the border nothing lies."""

    @classmethod
    def of(cls, products: _Numbers, nothing: _Numbers) -> Self:
        usual, spread = products.mean(axis=0), np.maximum(products.std(axis=0), _NARROWEST)
        lowest, strange = (((said - usual) / spread).min(axis=1) for said in (products, nothing))
        least = border(lowest.tolist(), STRANGE_SHARE) - _ROUNDING
        return cls(usual, spread, least, float(np.minimum(least - strange, _FAR_ENOUGH).mean()))


def _unseen(products: _Numbers, kinds: Sequence[_Numbers]) -> list[tuple[float, _Unseen]]:
    """By ridge."""
    samples = [products, *kinds]
    everything = np.concatenate(samples)
    owner = np.repeat(np.arange(len(samples)), [len(sample) for sample in samples])
    fold = np.concatenate([np.arange(len(sample)) for sample in samples]) % _FOLDS
    said = np.empty((len(_RIDGES), len(everything), len(kinds)))
    for held_out in range(_FOLDS):
        out = fold == held_out
        own, *others = (everything[~out & (owner == sample)] for sample in range(len(samples)))
        for by_ridge, lines in zip(said, _lines(own, others, _RIDGES), strict=True):
            by_ridge[out] = lines.say(everything[out])
    unseen = [_Unseen.of(each[owner == 0], each[owner > 0]) for each in said]
    return list(zip(_RIDGES, unseen, strict=True))


def _lines(products: _Numbers, kinds: Sequence[_Numbers], ridges: Sequence[float]) -> list[_Lines]:
    """For each of the ridges."""
    directions = np.stack([_discriminants(products, kind, ridges) for kind in kinds], 1)
    middles = np.stack([kind.mean(axis=0) for kind in kinds])
    return [_Lines(each, np.sum(each * middles, axis=1)) for each in directions]


def _discriminants(one: _Numbers, other: _Numbers, ridges: Sequence[float]) -> _Numbers:
    """The directions, one a row, of such a length that the two are 1 apart.

    Solved among the samples, of which there may be fewer than numbers in a vector.
    """
    apart = one.mean(axis=0) - other.mean(axis=0)
    spread = np.concatenate(
        [(sample - sample.mean(axis=0)) / np.sqrt(len(sample)) for sample in (one, other)]
    )
    gram, across = spread @ spread.T, spread @ apart
    usual = float(np.trace(gram)) / spread.shape[1]
    directions = []
    for ridge in ridges:
        softened = gram + max(ridge * usual, _TINY) * np.eye(len(gram))
        direction = apart - spread.T @ np.linalg.solve(softened, across)
        directions.append(direction / max(float(direction @ apart), _TINY))
    return np.stack(directions)
