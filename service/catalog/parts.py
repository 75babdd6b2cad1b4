"""Parts of the catalogue: what holds for a part's products, what it is called, and how many they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

from migrations.operations import FieldKind
from service.catalog.categories import Category
from service.catalog.products import COUNTED_ONCE
from service.catalog.together import few_at_once
from service.store.base import VectorStore
from service.store.filters import AllOf, AnyOf, Filter

PartKind: TypeAlias = FieldKind | Literal["category"]


@dataclass(frozen=True, slots=True)
class Part:
    label: str
    where: Filter
    products: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    parts: Sequence[Part]
    whole: bool
    """Whether every product that has a value is in one of them."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    name: str
    kind: PartKind
    products: int
    """In the whole catalogue."""
    parts: tuple[Part, ...]
    others: Part | None = None
    """What has a value beside those shown."""
    without: Part | None = None
    """What has no value."""
    note: str = ""

    @property
    def all_parts(self) -> list[Part]:
        return [*self.parts, *self.rest]

    def first(self, top: int) -> "Distribution | None":
        """As if so many had been asked for. None: these do not tell, for a product is in several parts."""
        if len(self.parts) <= top:
            return self
        if sum(part.products for part in self.all_parts) != self.products:
            return None
        hidden = [*self.parts[top:], *([self.others] if self.others else [])]
        where = AnyOf(tuple(part.where for part in hidden))
        others = Part("others", where, sum(part.products for part in hidden))
        return replace(self, parts=self.parts[:top], others=others)

    @property
    def rest(self) -> list[Part]:
        return [part for part in (self.others, self.without) if part is not None]


@dataclass(frozen=True, slots=True)
class CrossTable:
    rows: Distribution
    columns: Distribution
    counts: list[list[int]]
    """A row for each of the rows' parts, a number for each of the columns'."""

    @property
    def products(self) -> int:
        return self.rows.products


@dataclass(frozen=True, slots=True)
class Overview:
    products: int
    images: int
    tree: list[Category]
    distributions: list[Distribution]


Counted: TypeAlias = Overview | Distribution | CrossTable


async def count_products(store: VectorStore, where: Filter) -> int:
    return await store.count(AllOf((COUNTED_ONCE, where)))


async def counted(store: VectorStore, parts: Sequence[Part]) -> list[Part]:
    counts = await few_at_once(partial(count_products, store, part.where) for part in parts)
    return [replace(part, products=count) for part, count in zip(parts, counts, strict=True)]
