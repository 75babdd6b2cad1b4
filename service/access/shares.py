"""Something of which there is only so much, and of which nobody gets more than a part."""

from collections import Counter


class Shares:
    def __init__(self, most: int, most_each: int) -> None:
        self._left = most
        self._most_each = most_each
        self._taken: Counter[str] = Counter()

    def take(self, who: str, amount: int = 1) -> bool:
        """All of it, or nothing."""
        if amount > self._left or self._taken.get(who, 0) + amount > self._most_each:
            return False
        self._left -= amount
        self._taken[who] += amount
        return True

    def give_back(self, who: str, amount: int = 1) -> None:
        self._left += amount
        self._taken[who] -= amount
        if not self._taken[who]:
            del self._taken[who]
