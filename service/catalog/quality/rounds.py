"""What is asked: who asks, where is searched, and what counts as a match there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.figures import EVERYWHERE, IN_CATEGORY
from service.catalog.quality.goods import Good, Image
from service.catalog.quality.holding_out import sampled
from service.catalog.quality.metrics import Scores, chance
from service.catalog.quality.ranking import Places
from service.catalog.quality.relevance import Relevance, numbered

IMAGES, PAIRS = "images", "pairs"


class Rows:
    """Pictures: of each product the first one, or all. What counts matches knows them by their places."""

    def __init__(self, goods: Sequence[Good], *, all_images: bool = False) -> None:
        self.goods = sorted(goods, key=lambda good: good.id)
        several = [good.images if all_images else good.images[:1] for good in self.goods]
        self.images: list[Image] = [image for images in several for image in images]
        counts = np.array([len(images) for images in several], np.intp)
        self.owners: Places = np.repeat(np.arange(len(self.goods)), counts)
        self.firsts: Places = np.cumsum(counts) - counts
        self.categories: Places = numbered([good.category for good in self.goods])[self.owners]

    def good(self, place: int) -> Good:
        return self.goods[int(self.owners[place])]

    def of_goods(self, kept: NDArray[np.bool_]) -> Places:
        """Places of first pictures, of these goods."""
        return self.firsts[kept]


@dataclass(frozen=True, slots=True)
class Task:
    same: str
    relevance: Relevance
    asking: Places
    gallery: Places


@dataclass(frozen=True, slots=True)
class Round:
    """A task in one place to search. Only those ask for whom there is something to find."""

    task: Task
    inside: str
    asking: Places
    totals: Places
    others: Places
    groups: Places | None
    without: int

    @property
    def same(self) -> str:
        return self.task.same

    def chance(self, at: int) -> Scores:
        return chance(self.totals, self.others, at)


def rounds_of(task: Task, rows: Rows) -> Iterator[Round]:
    """Inside the category nothing is asked where everything there is a match."""
    yield _round(task, EVERYWHERE, None)
    inside = _round(task, IN_CATEGORY, rows.categories)
    if (inside.totals < inside.others).any():
        yield inside


def _round(task: Task, inside: str, groups: Places | None) -> Round:
    totals = task.relevance.totals(task.asking, task.gallery, groups)
    asks = totals > 0
    asking = task.asking[asks]
    others = _others(asking, task.gallery, groups)
    return Round(task, inside, asking, totals[asks], others, groups, int((~asks).sum()))


def _others(asking: Places, gallery: Places, groups: Places | None) -> Places:
    if groups is None:
        there: Places = np.full(len(asking), len(gallery))
    else:
        there = np.bincount(groups[gallery], minlength=int(groups.max(initial=0)) + 1)[groups[asking]]
    return there - np.isin(asking, gallery)


def some_of(asking: Places, rows: Rows, count: int | None) -> Places:
    """No more than so many who ask, by their ids."""
    chosen = sampled((rows.good(place).id for place in asking), count)
    return asking[[rows.good(place).id in chosen for place in asking]]
