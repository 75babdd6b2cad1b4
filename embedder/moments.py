"""The mean and the covariance of vectors that come in a stream: in float64, in the same memory however many come."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_ROWS = 512  # added at once: one product of matrices for many rows, not one each


class Moments:
    def __init__(self, length: int) -> None:
        self.length = length
        self.count = 0
        self._origin = np.zeros(length)
        self._sum = np.zeros(length)
        self._products = np.zeros((length, length))
        self._waiting: list[NDArray[np.float32]] = []

    def add(self, rows: NDArray[np.float32]) -> None:
        self._waiting.append(rows)
        if sum(map(len, self._waiting)) >= _ROWS:
            self._take_in()

    @property
    def mean(self) -> Numbers:
        self._take_in()
        mean: Numbers = self._origin + self._sum / max(1, self.count)
        return mean

    @property
    def covariance(self) -> Numbers:
        self._take_in()
        shift = self._sum / self.count
        covariance: Numbers = self._products / self.count - np.outer(shift, shift)
        return covariance

    def _take_in(self) -> None:
        if not self._waiting:
            return
        rows = np.concatenate(self._waiting).astype(np.float64)
        self._waiting = []
        if not self.count:
            # Near to the mean, so that little is lost when its square is taken off.
            self._origin = rows.mean(axis=0)
        rows -= self._origin
        self.count += len(rows)
        self._sum += rows.sum(axis=0)
        self._products += rows.T @ rows
