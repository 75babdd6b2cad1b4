"""Counts for scripts."""

from typing import Any

from service.catalog.categories import Category
from service.catalog.parts import Counted, CrossTable, Distribution, Overview


def plain(counted: Counted) -> dict[str, Any]:
    match counted:
        case Overview():
            return {
                "products": counted.products,
                "images": counted.images,
                "categories": [_category(category) for category in counted.tree],
                "distributions": [_distribution(distribution) for distribution in counted.distributions],
            }
        case Distribution():
            return _distribution(counted)
        case CrossTable():
            return {
                "rows": _distribution(counted.rows),
                "columns": _distribution(counted.columns),
                "counts": counted.counts,
            }


def _distribution(distribution: Distribution) -> dict[str, Any]:
    others, without = distribution.others, distribution.without
    return {
        "name": distribution.name,
        "products": distribution.products,
        "values": [{"value": part.label, "products": part.products} for part in distribution.parts],
        "others": others and others.products,
        "without": without and without.products,
        "note": distribution.note,
    }


def _category(category: Category) -> dict[str, Any]:
    children = [_category(child) for child in category.children]
    return {"path": category.path, "products": category.products, "children": children}
