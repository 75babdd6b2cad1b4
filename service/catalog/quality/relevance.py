"""What is a match: products with the same labels, products that were said to match, images of one product."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.ranking import NOWHERE, Places

UNLABELLED = -1


class Relevance(Protocol):
    def of(self, asking: Places, found: Places) -> NDArray[np.bool_]:
        """Which of the found, a row for each of those who ask, are matches."""
        ...

    def totals(self, asking: Places, gallery: Places, groups: Places | None) -> Places:
        """How many matches there are for each in the gallery, or in its own group of it."""
        ...


@dataclass(frozen=True, slots=True)
class SameLabel:
    """Whatever has no label matches nothing."""

    labels: Places

    def of(self, asking: Places, found: Places) -> NDArray[np.bool_]:
        own = self.labels[asking][:, None]
        same: NDArray[np.bool_] = (self.labels[found] == own) & (own != UNLABELLED) & (found != NOWHERE)
        return same

    def totals(self, asking: Places, gallery: Places, groups: Places | None) -> Places:
        kinds = self.labels if groups is None else numbered(list(zip(groups, self.labels, strict=True)))
        counts = np.bincount(kinds[gallery] + 1, minlength=int(kinds.max(initial=0)) + 2)
        found = counts[kinds[asking] + 1] - np.isin(asking, gallery)
        return np.asarray(np.where(self.labels[asking] == UNLABELLED, 0, found))


class Pairs:
    """Of places, either way round."""

    def __init__(self, pairs: Sequence[tuple[int, int]], places: int) -> None:
        ends = np.array(sorted({*pairs, *((b, a) for a, b in pairs)}), np.intp).reshape(-1, 2)
        self._asking, self._found = ends[ends[:, 0] != ends[:, 1]].T
        self._places = places

    def of(self, asking: Places, found: Places) -> NDArray[np.bool_]:
        said = self._asking * self._places + self._found
        asked = asking[:, None] * self._places + found
        return np.asarray(np.isin(asked, said) & (found != NOWHERE))

    def totals(self, asking: Places, gallery: Places, groups: Places | None) -> Places:
        counted = np.isin(self._found, gallery)
        if groups is not None:
            counted &= groups[self._asking] == groups[self._found]
        return np.bincount(self._asking[counted], minlength=self._places)[asking]


def numbered(labels: Sequence[Hashable | None]) -> Places:
    """A number for each that is different."""
    numbers: dict[Hashable, int] = {}
    given = (UNLABELLED if label is None else numbers.setdefault(label, len(numbers)) for label in labels)
    return np.fromiter(given, np.intp, len(labels))
