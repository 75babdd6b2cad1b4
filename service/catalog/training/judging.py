"""How many of the ten nearest have the same label."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.figures import METRICS
from service.catalog.quality.metrics import scores
from service.catalog.quality.ranking import NOWHERE, Space, nearest
from service.catalog.quality.relevance import SameLabel, numbered
from service.store.base import Distance

AT = 10

Scores = NDArray[np.float64]
"""Of each product that has a match at all."""


class Judge:
    def __init__(self, labels: Sequence[Hashable | None], distance: Distance = "cosine") -> None:
        self._kind, self._distance = SameLabel(numbered(labels)), distance
        self._all = np.arange(len(labels))
        totals = self._kind.totals(self._all, self._all, None)
        self._asking, self._totals = self._all[totals > 0], totals[totals > 0]

    @property
    def questions(self) -> int:
        return len(self._asking)

    def scores(self, vectors: NDArray[np.float32]) -> Scores:
        found = nearest(Space(vectors, self._distance), self._asking, self._all, AT)
        relevant = self._kind.of(self._asking, found)
        counted = scores(relevant, (found != NOWHERE).sum(axis=1), self._totals)
        return np.asarray(counted[:, METRICS.index("precision")])


def mean_of(judges: Sequence[Judge], vectors: NDArray[np.float32]) -> float:
    """0 where nobody can be asked."""
    means = [float(judge.scores(vectors).mean()) for judge in judges if judge.questions]
    return float(np.mean(means)) if means else 0.0
