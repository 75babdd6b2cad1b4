"""A product's labels, as what makes two products match: `category`, `category:leaf`, `category:2`, or an attribute."""

import difflib
import re
from collections.abc import Hashable, Sequence

from service.catalog.attributes import Value
from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.goods import Good

CATEGORY, LEAF = "category", "category:leaf"
_LEVELS = re.compile(r"category:([1-9])")


def labels_of(goods: Sequence[Good], names: Sequence[str]) -> list[Hashable | None]:
    """None for whoever lacks one of them."""
    for name in names:
        if not any(_label(good, name) is not None for good in goods):
            raise Unmeasurable(_nobody_has(name, goods))
    return [_together([_label(good, name) for name in names]) for good in goods]


def _together(labels: list[Hashable | None]) -> Hashable | None:
    return None if None in labels else tuple(labels)


def _label(good: Good, name: str) -> Hashable | None:
    if name == CATEGORY:
        return good.category
    if name == LEAF:
        return good.leaf
    if levels := _LEVELS.fullmatch(name):
        path = good.category.split("/")
        return "/".join(path[: int(levels[1])])
    return _comparable(good.attributes.get(name))


def _comparable(value: Value | None) -> Hashable | None:
    if isinstance(value, list):
        return tuple(sorted(set(value))) or None
    return None if value == "" else value


def _nobody_has(name: str, goods: Sequence[Good]) -> str:
    known = [CATEGORY, LEAF, *sorted({key for good in goods for key in good.attributes})]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(known[:20])}."
    return f"No product here has {name!r}. {hint}"
