"""A number attribute's values, where they are few, or ranges of them: found by asking for the ends, then counting."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from service.catalog.parts import Part, Parts, count_products, counted
from service.catalog.products import COUNTED_ONCE
from service.store.base import Point, VectorStore
from service.store.filters import AllOf, Equals, Exists, Filter, Range

_PAGE = 64
_ROUND_STEPS = (1, 2, 2.5, 5, 10)


async def number_parts(store: VectorStore, field: str, top: int) -> Parts:
    lowest = await _end(store, field, min, lambda value: Range(field, lt=value))
    highest = await _end(store, field, max, lambda value: Range(field, gt=value))
    if lowest is None or highest is None:
        return Parts([], whole=True)
    if lowest == highest:
        return Parts(await counted(store, [Part(shown(lowest), Exists(field))]), whole=True)
    note = f"from {shown(lowest)} to {shown(highest)}"
    if highest - lowest < top and lowest == int(lowest):
        values = [lowest + step for step in range(int(highest - lowest) + 1)]
        singles = await counted(store, [Part(f"{value:.0f}", Equals(field, value)) for value in values])
        if sum(part.products for part in singles) == await count_products(store, Exists(field)):
            return Parts([part for part in singles if part.products], whole=True, note=note)
    ranges = [_range(field, edges) for edges in _between(round_edges(lowest, highest, top))]
    return Parts(
        await counted(store, ranges), whole=True, note=f"{note}; a range ends before its second number"
    )


async def _end(
    store: VectorStore, field: str, best_of: Callable[..., float], beyond: Callable[[float], Filter]
) -> float | None:
    """The lowest or highest value: the best of some products, then of some that are better still, while there are any.

    Products come in the order of their hashes, so each page leaves about a 64th of what was before it.
    """
    best: float | None = None
    while True:
        where = Exists(field) if best is None else beyond(best)
        page = await store.scroll(where=AllOf((COUNTED_ONCE, where)), limit=_PAGE)
        if not page.points:
            return best
        best = best_of(_value(point, field) for point in page.points)


def _value(point: Point, field: str) -> float:
    name = field.partition(".")[2].strip('"')
    return float(point.payload["attributes"][name])


def round_edges(lowest: float, highest: float, most: int) -> list[float]:
    """Numbers that people would choose, so that at most `most` ranges between them hold everything.

    Two are the fewest: whatever the step, zero divides what is below it from what is above.
    """
    step = _round_step((highest - lowest) / most)
    while step and math.floor(highest / step) - math.floor(lowest / step) >= max(most, 2):
        step = _round_step(step * 1.01)
    if not step or lowest + step == lowest:
        return [lowest, math.nextafter(highest, math.inf)]
    decimals = max(0, 2 - math.floor(math.log10(step)))
    first, last = math.floor(lowest / step), math.floor(highest / step) + 1
    return [round(count * step, decimals) for count in range(first, last + 1)]


def _round_step(least: float) -> float:
    if least <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(least))
    return next((power * step for step in _ROUND_STEPS if power * step >= least), 0.0)


def _between(edges: Sequence[float]) -> list[tuple[float | None, float | None, str]]:
    """The outermost ranges are open: whatever a float's last digit is, every value is in one range."""
    labels = [f"{shown(low)} – {shown(high)}" for low, high in pairwise(edges)]
    inner: list[float | None] = list(edges[1:-1])
    return list(zip([None, *inner], [*inner, None], labels, strict=True))


def _range(field: str, edges: tuple[float | None, float | None, str]) -> Part:
    low, high, label = edges
    where = Exists(field) if low is None and high is None else Range(field, gte=low, lt=high)
    return Part(label, where)


def shown(number: float) -> str:
    """A year has no comma, a price in the ten thousands has."""
    return f"{number:,.15g}" if abs(number) >= 10_000 else f"{number:.15g}"
