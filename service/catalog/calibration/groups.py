"""Which categories are measured by themselves: such as have products enough, and of those that are left over, what is
in the category above them. So each product is in one group, and small categories share one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest

from service.catalog.categories import ancestors
from service.catalog.products import COUNTED_ONCE
from service.store.filters import Equals, Filter, Not, OneOf, all_of

FEWEST = 40
MOST_GROUPS = 100
_NOT_WORTH_FINDING = 1_000  # a store looks at as many products for each one that is left over


@dataclass(frozen=True, slots=True)
class Group:
    """What is in a category, and not in those below it that are groups themselves. No path: the whole catalogue."""

    path: str
    without: tuple[str, ...] = ()

    def where(self) -> Filter | None:
        """One image of each product."""
        inside = Equals("categories", self.path) if self.path else None
        others = Not(OneOf("categories", self.without)) if self.without else None
        return all_of([COUNTED_ONCE, inside, others])


WHOLE = Group("")


def groups_in(counts: Mapping[str, int]) -> list[Group]:
    """`counts` are products by the path of each category that they stand in or below. What is left over comes last."""
    everything = sum(count for path, count in counts.items() if "/" not in path)
    left = Counter({**counts, "": everything})
    groups: list[Group] = []
    for path in [*sorted(_large_enough(counts), key=_deepest_first), ""]:
        whole = counts[path] if path else everything
        if left[path] >= max(FEWEST, whole / _NOT_WORTH_FINDING):
            groups.append(Group(path, _below(path, groups)))
            for above in ancestors(path)[:-1]:
                left[above] -= left[path]
            left[""] -= left[path]
    return groups


def _large_enough(counts: Mapping[str, int]) -> list[str]:
    largest = nlargest(MOST_GROUPS, counts, key=lambda path: (counts[path], path))
    return [path for path in largest if counts[path] >= FEWEST]


def _deepest_first(path: str) -> tuple[int, str]:
    return -path.count("/"), path


def _below(path: str, groups: list[Group]) -> tuple[str, ...]:
    return tuple(group.path for group in groups if not path or group.path.startswith(f"{path}/"))
