"""Products that a source no longer has, out of the catalogue."""

from collections.abc import Callable

from service.catalog.catalog import Catalog
from service.catalog.errors import UnknownProduct
from service.catalog.seen import SeenIds


class Pruning:
    """After an ingestion, which has seen every id that the source has."""

    def __init__(self, catalog: Catalog, seen: SeenIds) -> None:
        self._catalog = catalog
        self._seen = seen

    async def find(self) -> int:
        """How many there are. They are what `run` removes, whatever is added meanwhile."""
        found = 0
        async for product_ids in self._catalog.product_ids():
            gone = self._seen.missing(product_ids)
            self._seen.set_aside(gone)
            found += len(gone)
        return found

    async def run(self, on_progress: Callable[[int], None]) -> int:
        """How many were removed. A run that is killed is finished by the next."""
        removed = 0
        for product_ids in self._seen.those_set_aside():
            for product_id in product_ids:
                try:
                    await self._catalog.delete(product_id)
                except UnknownProduct:  # somebody else was faster
                    continue
                removed += 1
                on_progress(removed)
        return removed
