"""How much a catalogue holds."""

from service.catalog.counting import Counted
from service.catalog.products import COUNTED_ONCE
from service.store.base import VectorStore

_MOST_CATEGORIES = 10_000


class Counts:
    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self.products = Counted(lambda: store.count(COUNTED_ONCE, exact=False), int)
        self.images = Counted(lambda: store.count(exact=False), int)
        self.by_category = Counted(self._by_category, lambda counts: sum(counts.values()))

    async def _by_category(self) -> dict[str, int]:
        return await self._store.facet("categories", where=COUNTED_ONCE, limit=_MOST_CATEGORIES, exact=False)
