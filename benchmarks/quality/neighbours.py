"""Exact search, as `vizinho evaluate` searches."""

from collections.abc import Sequence

import numpy as np

from service.catalog.quality import ranking
from service.catalog.quality.ranking import NOWHERE, Places, Space, Vectors
from service.catalog.quality.relevance import numbered

__all__ = ["Places", "Vectors", "nearest"]


def nearest(vectors: Vectors, groups: Sequence[str], count: int) -> list[Places]:
    """For each vector of unit length the places of the nearest others in its group, nearest first."""
    places = np.arange(len(groups))
    found = ranking.nearest(Space(vectors), places, places, count, numbered(groups))
    return [row[row != NOWHERE] for row in found]
