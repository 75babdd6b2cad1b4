"""How the products are spread over a category level or an attribute, and over two of them at once.

Everything is counted by the store, each product once: no product is fetched, however many there are.
"""

import asyncio
import difflib
from collections.abc import Sequence

from migrations.operations import FieldKind
from service.catalog import categories
from service.catalog.attributes import field_of, name_of
from service.catalog.categories import Category
from service.catalog.category_levels import CATEGORIES, level_parts, wanted_level
from service.catalog.errors import InvalidFilter
from service.catalog.number_parts import number_parts
from service.catalog.parts import CrossTable, Distribution, Overview, Part, Parts, count_products
from service.catalog.products import COUNTED_ONCE
from service.store.base import VectorStore
from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not

CATEGORY = "category"
_ATTRIBUTE = "attributes."  # before an attribute that is itself called category
_MOST_CATEGORIES = 10_000


class Distributions:
    def __init__(self, store: VectorStore) -> None:
        self._store = store

    async def overview(self, top: int) -> Overview:
        """The categories' distribution first, then every attribute's."""
        names = [CATEGORY, *(_ATTRIBUTE + name for name in await self._attributes())]
        found = [await self.by(name, top) for name in names]
        products, images = await self._store.count(COUNTED_ONCE), await self._store.count()
        return Overview(products, images, await self._tree(), found)

    async def _tree(self) -> list[Category]:
        counts = await self._store.facet(CATEGORIES, where=COUNTED_ONCE, limit=_MOST_CATEGORIES)
        return categories.tree(counts)

    async def _attributes(self) -> dict[str, FieldKind]:
        fields = await self._store.indexes()
        return {name: kind for field, kind in sorted(fields.items()) if (name := name_of(field)) is not None}

    async def by(self, name: str, top: int) -> Distribution:
        """`category`, `category:2` for its second level, or an attribute; the `top` most frequent values."""
        level = wanted_level(name)
        if level is not None:
            return await self._distribution(
                name, level_parts(await self._tree(), level, top), Exists(CATEGORIES)
            )
        known = await self._attributes()
        attribute = name if name in known else name.removeprefix(_ATTRIBUTE)
        if attribute not in known:
            raise _unknown(name, [CATEGORY, *known])
        found = await self._attribute_parts(attribute, known[attribute], top)
        return await self._distribution(attribute, found, Exists(field_of(attribute)))

    async def cross(self, rows: str, columns: str, top: int) -> CrossTable:
        down, across = await self.by(rows, top), await self.by(columns, top)
        counts = [await self._among(row, across.all_parts) for row in down.all_parts]
        return CrossTable(down, across, counts)

    async def _among(self, row: Part, columns: Sequence[Part]) -> list[int]:
        both = [AllOf((row.where, column.where)) for column in columns]
        return await asyncio.gather(*(count_products(self._store, where) for where in both))

    async def _attribute_parts(self, name: str, kind: FieldKind, top: int) -> Parts:
        field = field_of(name)
        if kind == "number":
            return await number_parts(self._store, field, top)
        if kind == "bool":
            values = [Part(str(value).lower(), Equals(field, value)) for value in (True, False)]
            return Parts([await self._counted(part) for part in values], whole=True)
        counts = await self._store.facet(field, where=COUNTED_ONCE, limit=top + 1)
        found = [Part(value, Equals(field, value), products) for value, products in counts.items()]
        found.sort(key=lambda part: (-part.products, part.label))
        return Parts(found[:top], whole=len(found) <= top)

    async def _distribution(self, name: str, found: Parts, has: Filter) -> Distribution:
        shown = tuple(found.parts)
        others = None
        if not found.whole:
            beside = Not(AnyOf(tuple(part.where for part in shown)))
            others = await self._counted(Part("others", AllOf((has, beside))))
        without = await self._counted(Part("none", Not(has)))
        products = await self._store.count(COUNTED_ONCE)
        parts = [*shown, without] if others is None else [*shown, others, without]
        note = found.note
        if sum(part.products for part in parts) > products:
            note = "a product with several values counts under each"
        return Distribution(name, products, shown, others, without if without.products else None, note)

    async def _counted(self, part: Part) -> Part:
        return Part(part.label, part.where, await count_products(self._store, part.where))


def _unknown(name: str, known: Sequence[str]) -> InvalidFilter:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return InvalidFilter(
        f"There is nothing to count by under the name {name[:100]!r}.{hint} "
        f"There are: {', '.join(known)}; and {CATEGORY}:2 is the second level of the categories."
    )
