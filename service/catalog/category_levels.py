"""The categories of one level, as parts of the catalogue.

A product that stands above the level counts under its own category, so that the parts make up the whole.
"""

import re
from collections.abc import Iterator, Sequence

from service.catalog.categories import Category
from service.catalog.parts import Part, Parts
from service.store.filters import AllOf, Equals, Not, OneOf

CATEGORIES = "categories"
FIRST_WITH_A_CHOICE = 0
_NAME = re.compile(r"category(?::([1-9]))?")


def wanted_level(name: str) -> int | None:
    """`category` asks for the first level that divides the catalogue, `category:3` for the third."""
    found = _NAME.fullmatch(name)
    return int(found[1] or FIRST_WITH_A_CHOICE) if found else None


def level_parts(tree: Sequence[Category], level: int, top: int) -> Parts:
    asked = level or _first_level_with_a_choice(tree)
    found = sorted(_parts(tree, asked), key=lambda part: (-part.products, part.label))
    depth = _depth(tree)
    note = f"level {min(asked, depth)} of {depth}" if depth > 1 else ""
    return Parts(found[:top], whole=len(found) <= top, note=note)


def _first_level_with_a_choice(tree: Sequence[Category]) -> int:
    level = 1
    while len(tree) == 1 and tree[0].children:
        level, tree = level + 1, tree[0].children
    return level


def _depth(tree: Sequence[Category]) -> int:
    return 1 + max((_depth(category.children) for category in tree), default=-1)


def _parts(tree: Sequence[Category], level: int) -> Iterator[Part]:
    for category in tree:
        here = Equals(CATEGORIES, category.path)
        if level == 1 or not category.children:
            yield Part(category.path, here, category.products)
            continue
        yield from _parts(category.children, level - 1)
        below = sum(child.products for child in category.children)
        if category.products > below:
            deeper = OneOf(CATEGORIES, tuple(child.path for child in category.children))
            yield Part(f"{category.path}, itself", AllOf((here, Not(deeper))), category.products - below)
