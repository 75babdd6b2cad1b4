"""Products whose neighbours stand in another category, and so perhaps ought to stand there themselves.

The neighbours vote as they do for `category=auto`. They speak against a product's own category where enough of them
stand in one that is neither above nor below it. Where a category has few products, most neighbours stand elsewhere
however right it is: so the closest of them have a veto.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from functools import partial

from service.catalog.categories import ancestors
from service.catalog.collapse import best_per_product
from service.catalog.products import COUNTED_ONCE, Match, Product, product_in
from service.catalog.together import few_at_once
from service.catalog.voting import VOTERS, elected
from service.catalog.walking import Stretch, stretch
from service.store.base import Point, VectorStore
from service.store.filters import Equals, Filter, Not, all_of

CLOSEST = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    elsewhere: str
    """The category in which the neighbours are and the product is not: the highest such."""
    share: float
    """Of the neighbours that stand in it."""
    suggested: str
    """As deep as more than half of them agree."""


@dataclass(frozen=True, slots=True)
class Misfit:
    product: Product
    image: str
    verdict: Verdict
    votes: dict[str, int]
    """Neighbours by the category that they stand in, most first."""
    neighbours: list[Match]
    """The closest ones."""


class Misfits:
    """Inside a filter if one is given; the whole catalogue votes on what stands there."""

    def __init__(self, store: VectorStore, where: Filter | None, agreement: float) -> None:
        self._store = store
        self._where = where
        self._agreement = agreement

    async def page(self, limit: int, cursor: str | None) -> Stretch[Misfit]:
        where = all_of([COUNTED_ONCE, self._where])
        return await stretch(self._store, where, limit, cursor, self.look)

    async def look(self, points: Sequence[Point]) -> AsyncGenerator[Misfit | None]:
        for misfit in await few_at_once(partial(self._misfit, point) for point in points):
            yield misfit

    async def _misfit(self, point: Point) -> Misfit | None:
        if point.payload["position"] != 0:
            return None  # the first image speaks for its product
        neighbours = await self._neighbours(point)
        product = product_in(point.payload)
        categories = [neighbour.product.category for neighbour in neighbours]
        verdict = verdict_on(product.category, categories, self._agreement)
        if verdict is None:
            return None
        votes = dict(Counter(categories).most_common())
        return Misfit(product, point.payload["image"], verdict, votes, neighbours[:CLOSEST])

    async def _neighbours(self, point: Point) -> list[Match]:
        assert point.vector is not None  # noqa: S101 - asked for
        others = Not(Equals("product_id", point.payload["product_id"]))
        nearest = partial(self._store.query, point.vector, where=others)
        return await best_per_product(lambda limit: nearest(limit=limit), VOTERS)


def verdict_on(own: str, neighbours: Sequence[str], agreement: float) -> Verdict | None:
    """`neighbours` are the categories of the nearest products, the nearest first. None: it may well stand there."""
    suggested = elected(neighbours).category
    parting = None if suggested is None else _parting(own, suggested)
    if suggested is None or parting is None or len(neighbours) < CLOSEST:
        return None
    here, elsewhere = parting
    share = sum(_stands_in(elsewhere, category) for category in neighbours) / len(neighbours)
    vetoed = any(_stands_in(here, category) for category in neighbours[:CLOSEST])
    return None if vetoed or share < agreement else Verdict(elsewhere, share, suggested)


def _parting(own: str, other: str) -> tuple[str, str] | None:
    """Where the two paths part, on either of them. None: one is above the other, or both are the same."""
    pairs = zip(ancestors(own), ancestors(other), strict=False)
    return next(((mine, theirs) for mine, theirs in pairs if mine != theirs), None)


def _stands_in(category: str, path: str) -> bool:
    return category in ancestors(path)
