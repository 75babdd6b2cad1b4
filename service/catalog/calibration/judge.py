"""How close what is found for one question really is."""

from collections.abc import Sequence
from dataclasses import replace

from service.catalog.calibration.calibration import Calibration
from service.catalog.calibration.closeness import Closeness
from service.catalog.products import Match
from service.store.base import Vector

_SLACK = 1e-6  # stores round otherwise than we do: who passes is decided here


class Judge:
    """Of several vectors that are asked for at once, it is enough to know one."""

    def __init__(
        self, calibration: Calibration | None, asked: Sequence[Vector], wanted: Closeness = "weak"
    ) -> None:
        self._calibration = calibration
        self._wanted = wanted
        self._familiar = calibration is None or any(map(calibration.familiarity.knows, asked))

    @property
    def lets_none_pass(self) -> bool:
        """To a picture of nothing, nothing is close."""
        return self._wanted != "weak" and not self._familiar

    def min_score(self, asked: float | None) -> float | None:
        """A store need not look at what is below it."""
        if self._calibration is None or self._wanted == "weak":
            return asked
        lowest = self._calibration.lowest(self._wanted) - _SLACK
        return lowest if asked is None else max(asked, lowest)

    def passes(self, match: Match) -> bool:
        if self._calibration is None:
            return True
        return match.score >= self._calibration.scale(match.product.category).least(self._wanted)

    def judged(self, match: Match) -> Match:
        closeness, percentile = self.verdict(match.product.category, match.score)
        return replace(match, closeness=closeness, percentile=percentile)

    def verdict(self, category: str, score: float) -> tuple[Closeness | None, float | None]:
        if self._calibration is None:
            return None, None
        scale = self._calibration.scale(category)
        return scale.closeness(score) if self._familiar else "weak", scale.percentile(score)
