"""From what a person wants to know to what is asked of the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.labels import labels_of
from service.catalog.quality.pairs import pairs_in, placed
from service.catalog.quality.ranking import Places
from service.catalog.quality.relevance import Pairs, Relevance, SameLabel, numbered
from service.catalog.quality.rounds import IMAGES, PAIRS, Rows, Task, some_of


@dataclass(frozen=True, slots=True)
class Asked:
    same: Sequence[Sequence[str]] = (("category",),)
    """Each a list of labels that must all be equal."""
    pairs: Path | None = None
    held_out_images: bool = False
    at: int = 10
    questions: int | None = None
    """No more than so many ask; everything is there to be found."""

    @property
    def names(self) -> list[str]:
        """Of what makes a match, each way."""
        named = [",".join(names) for names in self.same]
        return named + [PAIRS] * (self.pairs is not None) + [IMAGES] * self.held_out_images


class Tasks:
    """Made before anything is embedded: what cannot be asked must be told at once."""

    def __init__(self, rows: Rows, asked: Asked) -> None:
        self._rows = rows
        self._asked = asked
        self._of_products: list[tuple[str, Relevance]] = []
        for names in asked.same:
            self._of_products.append((",".join(names), self._labelled(names)))
        if asked.pairs is not None:
            self._of_products.append((PAIRS, self._paired(asked.pairs)))
        if asked.held_out_images and len(rows.images) == len(rows.goods):
            raise Unmeasurable("No product here has a second image that its first one could ask for.")

    def among(self, usable: NDArray[np.bool_]) -> list[Task]:
        """`usable` are the products whose pictures could be read."""
        firsts = self._rows.of_goods(usable)
        asking = some_of(firsts, self._rows, self._asked.questions)
        tasks = [Task(same, relevance, asking, firsts) for same, relevance in self._of_products]
        return [*tasks, self._images(usable)] if self._asked.held_out_images else tasks

    def _labelled(self, names: Sequence[str]) -> Relevance:
        return SameLabel(numbered(labels_of(self._rows.goods, names))[self._rows.owners])

    def _paired(self, path: Path) -> Relevance:
        firsts = self._rows.firsts
        pairs = [
            (int(firsts[one]), int(firsts[other])) for one, other in placed(pairs_in(path), self._rows.goods)
        ]
        return Pairs(pairs, len(self._rows.images))

    def _images(self, usable: NDArray[np.bool_]) -> Task:
        """First images ask, and cannot be found themselves; those of products that have no other can."""
        rows = self._rows
        several = np.bincount(rows.owners, minlength=len(rows.goods)) > 1
        asking = rows.of_goods(usable & several)
        everything: Places = np.flatnonzero(usable[rows.owners])
        gallery = np.setdiff1d(everything, asking)
        return Task(IMAGES, SameLabel(rows.owners), some_of(asking, rows, self._asked.questions), gallery)
