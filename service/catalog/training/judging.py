"""How many of the ten nearest have the same label."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.metrics import Scores, column, scored
from service.catalog.quality.ranking import Places, Space, nearest
from service.catalog.quality.relevance import SameLabel, numbered
from service.store.base import Distance

AT = 10


class Judges:
    """One for each label: what is nearest is the same for all of them, and looked for once."""

    def __init__(self, labels: Sequence[Sequence[Hashable | None]]) -> None:
        """Of each label what each product has; all have as many."""
        self._all = np.arange(len(labels[0]) if labels else 0)
        self._judges = [_Judge(each, self._all) for each in labels]

    def scores(self, vectors: NDArray[np.float32], distance: Distance = "cosine") -> list[Scores]:
        """For each label, of each product that has a match at all."""
        found = nearest(Space(vectors, distance), self._all, self._all, AT)
        return [judge.scores(found) for judge in self._judges]

    def mean(self, vectors: NDArray[np.float32]) -> float:
        """0 where nobody can be asked."""
        means = [float(each.mean()) for each in self.scores(vectors) if len(each)]
        return float(np.mean(means)) if means else 0.0


class _Judge:
    def __init__(self, labels: Sequence[Hashable | None], everybody: Places) -> None:
        self._kind = SameLabel(numbered(labels))
        totals = self._kind.totals(everybody, everybody, None)
        self._asking, self._totals = everybody[totals > 0], totals[totals > 0]

    def scores(self, found: Places) -> Scores:
        return column(scored(self._kind, self._asking, found[self._asking], self._totals), "precision")
