"""Products that a source no longer has, out of the catalogue."""

from collections.abc import AsyncIterator, Callable

from service.catalog.catalog import Catalog
from service.catalog.errors import UnknownProduct
from service.catalog.seen import SeenIds


class Pruning:
    """After an ingestion, which has seen every id that the source has."""

    def __init__(self, catalog: Catalog, seen: SeenIds) -> None:
        self._catalog = catalog
        self._seen = seen

    async def count(self) -> int:
        return sum([len(gone) async for gone in self._gone()])

    async def run(self, on_progress: Callable[[int], None]) -> int:
        """How many were removed. A run that is killed is finished by the next."""
        removed = 0
        async for gone in self._gone():
            for product_id in gone:
                try:
                    await self._catalog.delete(product_id)
                except UnknownProduct:  # somebody else was faster
                    continue
                removed += 1
                on_progress(removed)
        return removed

    async def _gone(self) -> AsyncIterator[list[str]]:
        async for product_ids in self._catalog.product_ids():
            yield self._seen.missing(product_ids)
