"""How much a catalogue holds."""

from service.catalog.counting import Counted
from service.catalog.products import COUNTED_ONCE
from service.store.base import VectorStore

_MOST_CATEGORIES = 10_000


class Counts:
    def __init__(self, store: VectorStore) -> None:
        self.products = Counted(lambda: store.count(COUNTED_ONCE, exact=False), int)
        self.images = Counted(lambda: store.count(exact=False), int)
        self.by_category = Counted(
            lambda: count_by_category(store, exact=False), lambda counts: sum(counts.values())
        )


async def count_by_category(store: VectorStore, *, exact: bool = True) -> dict[str, int]:
    """Products by the path of each category that they stand in or below."""
    return await store.facet("categories", where=COUNTED_ONCE, limit=_MOST_CATEGORIES, exact=exact)
