"""How good an answer is, for each question by itself; and how good it would be by chance. Columns are METRICS."""

import numpy as np
from numpy.typing import NDArray

from service.catalog.quality.figures import METRICS
from service.catalog.quality.ranking import NOWHERE, Places
from service.catalog.quality.relevance import Relevance

Scores = NDArray[np.float64]


def scored(relevance: Relevance, asking: Places, found: Places, totals: Places) -> Scores:
    return scores(relevance.of(asking, found), (found != NOWHERE).sum(axis=1), totals)


def column(scores: Scores, metric: str) -> Scores:
    return np.asarray(scores[:, METRICS.index(metric)])


def scores(relevant: NDArray[np.bool_], found: Places, totals: Places) -> Scores:
    """`found` is how many answers there were: less than asked for where a category has no more products.

    Precision is of what was found, average precision of what could have been. Every question has a match.
    """
    asked_for = relevant.shape[1]
    hits = relevant.cumsum(axis=1)
    at_hits = np.where(relevant, hits / np.arange(1, asked_for + 1), 0).sum(axis=1)
    precision = hits[:, -1] / np.maximum(found, 1)
    return np.stack(
        [precision, hits[:, -1] / totals, relevant[:, 0], at_hits / np.minimum(totals, asked_for)], axis=1
    )


def chance(totals: Places, others: Places, asked_for: int) -> Scores:
    """What the same would be on average over every order of the others, all orders being as likely."""
    found = np.minimum(asked_for, others)
    each = totals / others
    after_a_hit = (totals - 1) / np.maximum(others - 1, 1)
    ranks = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, asked_for + 1))])[found]
    at_hits = each * (ranks + after_a_hit * (found - ranks))
    return np.stack([each, found / others, each, at_hits / np.minimum(totals, asked_for)], axis=1)
