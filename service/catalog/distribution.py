"""How the products are spread over a category level or an attribute, and over two of them at once.

Everything is counted by the store, each product once: no product is fetched, however many there are.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from migrations.operations import FieldKind
from service.catalog import categories
from service.catalog.attributes import field_of, kept_kinds
from service.catalog.categories import Category
from service.catalog.category_levels import CATEGORIES, level_parts, wanted_level
from service.catalog.counts import count_by_category
from service.catalog.errors import InvalidFilter
from service.catalog.number_parts import number_parts
from service.catalog.parts import (
    CrossTable,
    Distribution,
    Overview,
    Part,
    PartKind,
    Parts,
    count_products,
    counted,
)
from service.catalog.products import COUNTED_ONCE
from service.catalog.together import few_at_once
from service.store.base import VectorStore
from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not

CATEGORY = "category"
_ATTRIBUTE = "attributes."  # before an attribute that is itself called category


class Distributions:
    def __init__(self, store: VectorStore) -> None:
        self._store = store

    async def overview(self, top: int) -> Overview:
        """The categories' distribution first, then every attribute's."""
        known = await self._known()
        names = [CATEGORY, *(_ATTRIBUTE + name for name in known.kinds)]
        found = [await self._by(name, top, known) for name in names]
        return Overview(known.products, await self._store.count(), await self._tree(), found)

    async def by(self, name: str, top: int) -> Distribution:
        """`category`, `category:2` for its second level, or an attribute; the `top` most frequent values."""
        return await self._by(name, top, await self._known())

    async def most_frequent_first(self, name: str) -> bool:
        """So that the few are the first of the many."""
        kinds = await kept_kinds(self._store)
        attribute = name if name in kinds else name.removeprefix(_ATTRIBUTE)
        return wanted_level(name) is not None or kinds.get(attribute) == "keyword"

    async def cross(self, rows: str, columns: str, top: int) -> CrossTable:
        known = await self._known()
        down, across = await self._by(rows, top, known), await self._by(columns, top, known)
        counts = [await self._among(row, across.all_parts) for row in down.all_parts]
        return CrossTable(down, across, counts)

    async def _known(self) -> "_Known":
        kinds = await kept_kinds(self._store)
        return _Known(await self._store.count(COUNTED_ONCE), dict(sorted(kinds.items())))

    async def _tree(self) -> list[Category]:
        return categories.tree(await count_by_category(self._store))

    async def _by(self, name: str, top: int, known: "_Known") -> Distribution:
        level = wanted_level(name)
        if level is not None:
            found, has = level_parts(await self._tree(), level, top), Exists(CATEGORIES)
            return await self._distribution(name, "category", found, has, known.products)
        attribute = name if name in known.kinds else name.removeprefix(_ATTRIBUTE)
        if attribute not in known.kinds:
            raise _unknown(name, [CATEGORY, *known.kinds])
        kind = known.kinds[attribute]
        found = await self._attribute_parts(attribute, kind, top)
        return await self._distribution(attribute, kind, found, Exists(field_of(attribute)), known.products)

    async def _among(self, row: Part, columns: Sequence[Part]) -> list[int]:
        both = [AllOf((row.where, column.where)) for column in columns]
        return await few_at_once(partial(count_products, self._store, where) for where in both)

    async def _attribute_parts(self, name: str, kind: FieldKind, top: int) -> Parts:
        field = field_of(name)
        if kind == "number":
            return await number_parts(self._store, field, top)
        if kind == "bool":
            values = [Part(str(value).lower(), Equals(field, value)) for value in (True, False)]
            return Parts(await counted(self._store, values), whole=True)
        counts = await self._store.facet(field, where=COUNTED_ONCE, limit=top + 1)
        found = [Part(value, Equals(field, value), products) for value, products in counts.items()]
        found.sort(key=lambda part: (-part.products, part.label))
        return Parts(found[:top], whole=len(found) <= top)

    async def _distribution(
        self, name: str, kind: PartKind, found: Parts, has: Filter, products: int
    ) -> Distribution:
        shown = tuple(found.parts)
        others = None
        if not found.whole:
            beside = Not(AnyOf(tuple(part.where for part in shown)))
            (others,) = await counted(self._store, [Part("others", AllOf((has, beside)))])
        (without,) = await counted(self._store, [Part("none", Not(has))])
        parts = [*shown, without] if others is None else [*shown, others, without]
        note = found.note
        if sum(part.products for part in parts) > products:
            note = "a product with several values counts under each"
        return Distribution(name, kind, products, shown, others, without if without.products else None, note)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked once, however many distributions are made of it."""

    products: int
    kinds: dict[str, FieldKind]


def _unknown(name: str, known: Sequence[str]) -> InvalidFilter:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return InvalidFilter(
        f"There is nothing to count by under the name {name[:100]!r}.{hint} "
        f"There are: {', '.join(known)}; and {CATEGORY}:2 is the second level of the categories."
    )
