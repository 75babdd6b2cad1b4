"""Images that are nearly the same in different products, in groups.

From image to image everything belongs to a group that is alike enough, so that it may hold two that are less alike
than each is to a third. The walk tells a group at that image of it which comes first: so each is told once, and whole,
wherever a page ends.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.catalog.likeness import MOST_LIKE_ONE, Like, Likeness
from service.catalog.products import Product, product_in
from service.catalog.walking import AT_ONCE, Stretch, stretch
from service.store.base import Payload, Point, VectorStore
from service.store.filters import Filter

MOST_IMAGES = 100


@dataclass(frozen=True, slots=True)
class LikeImage:
    image: str
    score: float
    """To that image of another product which is most like it."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    product: Product
    images: list[LikeImage]


@dataclass(frozen=True, slots=True)
class Group:
    duplicates: list[Duplicate]
    complete: bool


class Duplicates:
    def __init__(self, store: VectorStore, where: Filter | None, threshold: float) -> None:
        self._store = store
        self._where = where
        self._likeness = Likeness(store, where, threshold)

    async def page(self, limit: int, cursor: str | None) -> Stretch[Group]:
        return await stretch(self._store, self._where, limit, cursor, self.look)

    async def look(self, firsts: Sequence[Point]) -> AsyncGenerator[Group | None]:
        found = await self._likeness.of(firsts)
        for first in firsts:
            yield await self._group(first, found[first.id])

    async def _group(self, first: Point, alike: Sequence[Like]) -> Group | None:
        """None where no other is alike, or where one comes before: then the group was told there."""
        building = _Building(first)
        found: Mapping[str, Sequence[Like]] = {first.id: alike}
        while True:
            new = building.take(found)
            if building.told_before or len(building.payloads) == 1:
                return None
            if not new or not building.has_room:
                return building.group(complete=not new and building.complete)
            found = {}
            for some in _pieces(new):
                points = await self._store.retrieve(some, with_vectors=True)
                found |= await self._likeness.of(points)


@dataclass(slots=True)
class _Building:
    first: Point
    payloads: dict[str, Payload] = field(init=False)
    scores: dict[str, float] = field(default_factory=dict)
    complete: bool = True
    told_before: bool = False

    def __post_init__(self) -> None:
        self.payloads = {self.first.id: self.first.payload}

    @property
    def has_room(self) -> bool:
        return len(self.payloads) < MOST_IMAGES

    def take(self, found: Mapping[str, Sequence[Like]]) -> list[str]:
        """The ids of those that are new."""
        before = len(self.payloads)
        for id_, alike in found.items():
            self.complete = self.complete and len(alike) < MOST_LIKE_ONE
            for like in alike:
                self.told_before = self.told_before or like.id < self.first.id
                if like.id in self.payloads or self.has_room:
                    self.payloads.setdefault(like.id, like.payload)
                    self._link(id_, like)
                else:
                    self.complete = False
        return list(self.payloads)[before:]

    def _link(self, id_: str, like: Like) -> None:
        for end in (id_, like.id):
            self.scores[end] = max(self.scores.get(end, 0.0), like.score)

    def group(self, *, complete: bool) -> Group:
        by_product: dict[str, Duplicate] = {}
        for id_, payload in self.payloads.items():
            product = product_in(payload)
            duplicate = by_product.setdefault(product.id, Duplicate(product, []))
            duplicate.images.append(LikeImage(payload["image"], self.scores[id_]))
        return Group(list(by_product.values()), complete)


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
