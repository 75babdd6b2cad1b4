"""Exact search, in numpy: nothing that approximates stands between the vectors and the figures."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Places = NDArray[np.intp]

_AT_ONCE = 512  # rows of similarities: all of a large catalogue's would not fit into memory


def nearest(vectors: Vectors, groups: Sequence[str], count: int) -> list[Places]:
    """For each vector of unit length the places of the nearest others in its group, nearest first."""
    members = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    found: list[Places] = [np.empty(0, np.intp)] * len(groups)
    for places in members.values():
        _find(vectors, np.array(places), min(count, len(places) - 1), found)
    return found


def _find(vectors: Vectors, places: Places, count: int, found: list[Places]) -> None:
    inside = vectors[places]
    for start in range(0, len(places), _AT_ONCE):
        scores = inside[start : start + _AT_ONCE] @ inside.T
        rows = np.arange(len(scores))
        scores[rows, start + rows] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
        for row, best in enumerate(order):
            found[places[start + row]] = places[best]
