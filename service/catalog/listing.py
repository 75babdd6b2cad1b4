"""Walks through the catalogue, page by page."""

from collections.abc import Mapping
from typing import Any

from service.catalog import reading
from service.catalog.categories import normalised
from service.catalog.duplicates import DuplicatePage, Duplicates
from service.catalog.reading import ProductPage
from service.catalog.searching import Searching
from service.store.base import VectorStore
from service.store.filters import Filter


class Listing:
    def __init__(self, store: VectorStore, searching: Searching) -> None:
        self._store = store
        self._searching = searching

    async def products(
        self, category: str | None, filter_: Mapping[str, Any] | None, limit: int, cursor: str | None
    ) -> ProductPage:
        return await reading.page_of(self._store, await self._where(category, filter_), limit, cursor)

    async def duplicates(
        self, category: str | None, threshold: float, limit: int, cursor: str | None
    ) -> DuplicatePage:
        duplicates = Duplicates(self._store, await self._where(category), threshold)
        return await duplicates.page(limit, cursor)

    async def _where(self, category: str | None, filter_: Mapping[str, Any] | None = None) -> Filter | None:
        where = await self._searching.where(category, filter_)
        if category is not None:
            await self._searching.check_known(normalised(category))
        return where
