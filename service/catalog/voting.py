"""Which category an image belongs to, when its neighbours are asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from service.catalog.categories import ancestors

VOTERS = 15
_MAJORITY = 0.5

CategoryBy: TypeAlias = Literal["given", "predicted", "undecided", "nobody"]
"""How it is known in which category a search looked."""


@dataclass(frozen=True, slots=True)
class Elected:
    category: str | None
    """None where the neighbours do not agree on so much as the first level."""
    share: float
    """Of the neighbours that stand in it."""


def elected(categories: Sequence[str]) -> Elected:
    """As deep as more than half of them agree: of shirts, tops and tunics, at least that they are topwear."""
    votes = Counter(path for category in categories for path in ancestors(category))
    agreed = [path for path, count in votes.items() if count > _MAJORITY * len(categories)]
    if not agreed:
        return Elected(None, 0.0)
    deepest = max(agreed, key=lambda path: path.count("/"))
    return Elected(deepest, votes[deepest] / len(categories))
