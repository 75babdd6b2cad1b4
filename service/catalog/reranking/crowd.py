"""Queries and candidates by how near each is to each: all that re-ranking asks of their vectors, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.store.base import Distance, Vector
from service.store.scores import SHORTEST, of_length_one

Numbers: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """The queries come first. Under cosine, lengths are taken as 1."""

    products: Numbers
    """Inner, of each with each."""
    asking: int
    metric: Distance

    @classmethod
    def of(cls, queries: Sequence[Vector], candidates: NDArray[np.float32], metric: Distance) -> Self:
        everybody = np.concatenate([np.stack(queries), candidates]).astype(np.float32, copy=False)
        if metric == "cosine":
            everybody = of_length_one(everybody)
        return cls((everybody @ everybody.T).astype(np.float64), len(queries), metric)

    @property
    def squares(self) -> Numbers:
        return np.diagonal(self.products)

    def distances(self) -> Numbers:
        """Squared."""
        squares = self.squares
        return np.maximum(squares[:, None] + squares[None, :] - 2 * self.products, 0)

    def likenesses(self) -> Numbers:
        return self._likenesses(self.products, self.squares)

    def likenesses_of(self, mixtures: Numbers) -> Numbers:
        """To everybody, of vectors that are mixed of everybody's: a row of weights for each."""
        products = mixtures @ self.products
        return self._likenesses(products, (products * mixtures).sum(axis=1))

    def _likenesses(self, products: Numbers, squares: Numbers) -> Numbers:
        theirs = self.squares
        if self.metric == "cosine":
            lengths = np.sqrt(np.maximum(squares[:, None] * theirs[None, :], SHORTEST**2))
            return np.asarray(products / lengths)
        apart = squares[:, None] + theirs[None, :] - 2 * products
        return np.asarray(1 / (1 + np.sqrt(np.maximum(apart, 0))))
