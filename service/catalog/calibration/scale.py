"""One group's scale: from a score to what it means there. It is made of ranks alone, so that another model, which
scores otherwise, leaves its meaning as it was."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from service.catalog.calibration.closeness import Closeness

FEWEST_SCORES = 20
WEAK_SHARE = 0.02
"""Of products, those whose best match in their own category is called weak. With those whose picture is taken for one
of nothing (familiarity.py) they are one in twenty-five."""
STRONG_SHARE = 0.5
_LEVELS = np.array([0, 1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9, 99.99, 100])
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Scale:
    fair: float
    """From this score on: what nearly all products' best match in their own category reaches..."""
    strong: float
    """... and what half of them do."""
    unrelated: tuple[float, ...]
    """How alike two products of the group are that nothing has brought together: quantiles of their scores."""

    @classmethod
    def of(cls, best: Sequence[float], unrelated: NDArray[np.float64]) -> Self:
        """`best` are products' scores of the nearest other one in their own category."""
        quantiles = np.quantile(unrelated, _LEVELS / 100)
        return cls(
            border(best, WEAK_SHARE), border(best, STRONG_SHARE), tuple(quantiles.round(_DIGITS).tolist())
        )

    def closeness(self, score: float) -> Closeness:
        if score < self.fair:
            return "weak"
        return "strong" if score >= self.strong else "fair"

    def least(self, wanted: Closeness) -> float:
        return {"strong": self.strong, "fair": self.fair, "weak": -math.inf}[wanted]

    def percentile(self, score: float) -> float:
        """Of unrelated pairs, how many are less alike."""
        return round(float(np.interp(score, self.unrelated, _LEVELS)), 2)


def border(best: Sequence[float], share: float) -> float:
    """At most this share of the best matches is below it, and of those of products to come hardly more are."""
    rank = max(1, math.floor(share * (len(best) + 1)))
    return sorted(best)[rank - 1]
