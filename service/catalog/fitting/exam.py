"""What candidates are judged by, with products that nothing was learned from: how many of the nearest have the same
labels; or, where labels tell nothing, how soon a picture is found again by another view of it."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from service.catalog.fitting.looking import Look
from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.figures import WORDS
from service.catalog.quality.goods import Good
from service.catalog.quality.holding_out import is_held_out
from service.catalog.quality.labels import labels_of
from service.catalog.quality.metrics import Scores, column, scored
from service.catalog.quality.ranking import Places, Space, nearest
from service.catalog.quality.relevance import SameLabel, numbered
from service.store.base import Distance

AT = 10
_CHOOSING = 0.5


class Exam:
    def __init__(self, looks: Sequence[Look], distance: Distance, same: Sequence[str]) -> None:
        """`looks`: those that could be taken of what `to_be_looked_at` says."""
        views = np.array([look.another for look in looks], bool)
        self._distance, self._gallery = distance, np.flatnonzero(~views)
        goods = [look.good for look in looks]
        if views.any():
            self._name, self._metric, asking = "the picture itself", "map", np.flatnonzero(views)
            labels: list[Sequence[Hashable | None]] = [[good.id for good in goods]]
        else:
            self._name, self._metric, asking = " and ".join(same), "precision", self._gallery
            labels = [labels_of(goods, [name]) for name in same]
        self._kinds = [SameLabel(numbered(each)) for each in labels]
        totals = np.stack([kind.totals(asking, self._gallery, None) for kind in self._kinds])
        answerable = totals.any(axis=0)
        self._asking: Places = asking[answerable]
        self._totals = totals[:, answerable]
        # Whoever is chosen by its answers looks better in them than it is: others tell how good it is.
        self.choosing = np.array(
            [is_held_out(f"to choose {goods[place].id}", _CHOOSING) for place in self._asking], bool
        )
        if self.choosing.all() or not self.choosing.any():
            raise _too_few(len(self._asking))

    @property
    def name(self) -> str:
        return f"{WORDS[self._metric].format(k=AT)} of {self._name}"

    def scores(self, vectors: NDArray[np.float32]) -> Scores:
        """For each question by itself; vectors are rows, one a look."""
        found = nearest(Space(vectors, self._distance), self._asking, self._gallery, AT)
        each = [self._of(kind, found, totals) for kind, totals in zip(self._kinds, self._totals, strict=True)]
        asked = self._totals > 0
        mean: Scores = (np.stack(each) * asked).sum(axis=0) / asked.sum(axis=0)
        return mean

    def _of(self, kind: SameLabel, found: Places, totals: Places) -> Scores:
        return column(scored(kind, self._asking, found, np.maximum(totals, 1)), self._metric)


def to_be_looked_at(goods: Sequence[Good], same: Sequence[str]) -> list[Look]:
    if not goods:
        raise _too_few(0)
    looks = [Look(good) for good in goods]
    labels = [labels_of(goods, [name]) for name in same]  # of all: a name that nobody has is told at once
    if any(map(_tells, labels)):
        return looks
    return looks + [Look(good, another=True) for good in goods]


def _too_few(products: int) -> Unmeasurable:
    return Unmeasurable(f"There are too few products to choose a fit by: {products}.")


def _tells(labels: Sequence[Hashable | None]) -> bool:
    """Whether there are several of a kind, and several kinds."""
    known = [label for label in labels if label is not None]
    return 1 < len(set(known)) < len(known)
