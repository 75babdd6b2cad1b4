"""What was measured of one generation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.catalog.calibration.closeness import Closeness
from service.catalog.calibration.familiarity import Familiarity
from service.catalog.calibration.scale import Scale
from service.catalog.categories import ancestors


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    fingerprint: str
    images: int
    """How many there were when it was measured."""
    scales: Mapping[str, Scale]
    """By category; that of the whole catalogue has no name."""
    familiarity: Familiarity

    def scale(self, category: str) -> Scale:
        """Its own, or that of the nearest above it that has one."""
        above = (path for path in reversed(ancestors(category)) if path in self.scales)
        return self.scales[next(above, "")]

    def lowest(self, wanted: Closeness) -> float:
        """No score below it is so close in any category."""
        return min(scale.least(wanted) for scale in self.scales.values())


Calibrated: TypeAlias = Callable[[], Calibration | None]
"""The one in use."""
