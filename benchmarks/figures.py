"""What every comparison needs: the middle of noisy rounds, whose turn it is, and targets with a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Target:
    name: str
    bound: float
    figure: float | None
    at_most: bool = False
    idle: str = ""  # why it does not apply here

    @property
    def verdict(self) -> str:
        if self.idle:
            return f"not applicable here: {self.idle}"
        if self.figure is None:
            return "not measured"
        kept = self.figure <= self.bound if self.at_most else self.figure >= self.bound
        return "met" if kept else "missed"

    @property
    def failed(self) -> bool:
        """What applies and was not shown."""
        return self.verdict in ("missed", "not measured")


def middle(values: list[float]) -> float | None:
    return median(values) if values else None


def spread(values: list[float]) -> float | None:
    """Half of the range as a share of the median."""
    return (max(values) - min(values)) / 2 / median(values) if values and median(values) else None


def in_turn(cases_of: Mapping[str, Mapping[str, Case]], number: int) -> list[tuple[str, tuple[str, Case]]]:
    """A case after the other, so that those compared are close in time; a different contender first in each round."""
    contenders = list(cases_of)
    first = number % len(contenders) if contenders else 0
    order = contenders[first:] + contenders[:first]
    every = {name: None for contender in contenders for name in cases_of[contender]}
    return [(one, (name, cases_of[one][name])) for name in every for one in order if name in cases_of[one]]
