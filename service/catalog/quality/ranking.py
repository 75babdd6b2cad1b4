"""Exact search, in numpy: nothing that approximates stands between the vectors and the figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.catalog.ranking import CANDIDATES
from service.catalog.reranking.methods import Rerank, reranked
from service.store.base import Distance

Vectors = NDArray[np.float32]
Places = NDArray[np.intp]

NOWHERE = -1
"""Stands where there is nothing more to find."""
_AT_ONCE = 1 << 24  # likenesses: all of a large catalogue's would not fit into memory
_MOST_ROWS = 256  # another order takes its time, and whoever waits wants to be told


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors, and how they are compared. Under cosine they are of unit length."""

    vectors: Vectors
    distance: Distance = "cosine"
    rerank: Rerank = "none"


class _Gallery:
    """Those among whom is searched, taken out of all vectors once."""

    def __init__(self, space: Space, places: Places) -> None:
        self._space = space
        self.places = places
        everything = len(places) == len(space.vectors)
        self._vectors = space.vectors if everything else space.vectors[places]
        self._squares = np.square(self._vectors).sum(axis=1) if space.distance == "euclid" else None

    def closeness(self, asking: Places) -> NDArray[np.float32]:
        """Higher is closer, along a row; nobody is close to himself."""
        products: NDArray[np.float32] = self._space.vectors[asking] @ self._vectors.T
        scores = products if self._squares is None else np.asarray(2 * products - self._squares)
        columns = np.minimum(np.searchsorted(self.places, asking), len(self.places) - 1)
        rows = np.flatnonzero(self.places[columns] == asking)
        scores[rows, columns[rows]] = -np.inf
        return scores


def nearest(
    space: Space,
    asking: Places,
    gallery: Places,
    count: int,
    groups: Places | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Places:
    """For each of those that ask the nearest others, nearest first; with `groups`, which all places have, those of its
    own. `gallery` is in ascending order, and of those that are equally near the first comes first."""
    found = np.full((len(asking), count), NOWHERE, np.intp)
    wanted = count if space.rerank == "none" else max(count, CANDIDATES)
    done = 0
    for rows, among in _parts(asking, gallery, groups):
        there = _Gallery(space, among)
        for piece in _pieces(rows, len(among)):
            for row, best in zip(piece, _best(there, asking[piece], wanted), strict=True):
                ordered = _reordered(space, int(asking[row]), best)[:count]
                found[row, : len(ordered)] = ordered
            on_progress(done := done + len(piece))
    return found


def _parts(asking: Places, gallery: Places, groups: Places | None) -> Iterator[tuple[Places, Places]]:
    """The rows of those who ask in one group, and the places among which they do."""
    if groups is None:
        yield np.arange(len(asking)), gallery
        return
    rows_by, gallery_by = groups[asking], groups[gallery]
    rows, members = np.argsort(rows_by, kind="stable"), np.argsort(gallery_by, kind="stable")
    for group in np.unique(rows_by):
        yield _run(rows, rows_by, group), gallery[_run(members, gallery_by, group)]


def _run(order: Places, groups: Places, group: int) -> Places:
    start, end = np.searchsorted(groups[order], [group, group + 1])
    return order[start:end]


def _pieces(rows: Places, width: int) -> Iterator[Places]:
    step = min(_MOST_ROWS, max(1, _AT_ONCE // max(1, width)))
    for start in range(0, len(rows), step):
        yield rows[start : start + step]


def _best(gallery: _Gallery, asking: Places, count: int) -> Iterator[Places]:
    among = gallery.places
    if not len(among):
        yield from (among for _ in asking)
        return
    scores = gallery.closeness(asking)
    last = max(0, len(among) - count)
    worst = np.partition(scores, last, axis=1)[:, last]
    for row, at_least in zip(scores, worst, strict=True):
        candidates = np.flatnonzero((row >= at_least) & (row > -np.inf))
        order = np.argsort(-row[candidates], kind="stable")[:count]
        yield among[candidates[order]]


def _reordered(space: Space, asking: int, found: Places) -> Places:
    if space.rerank == "none" or len(found) < 2:
        return found
    query = space.vectors[asking]
    order, _ = reranked(space.rerank, [query], space.vectors[found], space.distance)
    return found[order]
