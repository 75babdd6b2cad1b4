"""Walks through the catalogue, page by page."""

from collections.abc import Mapping
from typing import Any

from service.catalog import reading
from service.catalog.categories import normalised
from service.catalog.duplicates import Duplicates, Group
from service.catalog.misfits import Misfit, Misfits
from service.catalog.reading import ProductPage
from service.catalog.searching import Searching
from service.catalog.walking import Stretch, Turns
from service.store.base import VectorStore
from service.store.filters import Filter


class Listing:
    def __init__(self, store: VectorStore, searching: Searching) -> None:
        self._store = store
        self._searching = searching
        self._walks = Turns()

    async def products(
        self, category: str | None, filter_: Mapping[str, Any] | None, limit: int, cursor: str | None
    ) -> ProductPage:
        return await reading.page_of(self._store, await self._where(category, filter_), limit, cursor)

    async def duplicates(
        self, category: str | None, threshold: float, limit: int, cursor: str | None
    ) -> Stretch[Group]:
        duplicates = Duplicates(self._store, await self._where(category), threshold)
        async with self._walks.turn():
            return await duplicates.page(limit, cursor)

    async def misfits(
        self, category: str | None, agreement: float, limit: int, cursor: str | None
    ) -> Stretch[Misfit]:
        misfits = Misfits(self._store, await self._where(category), agreement)
        async with self._walks.turn():
            return await misfits.page(limit, cursor)

    async def _where(self, category: str | None, filter_: Mapping[str, Any] | None = None) -> Filter | None:
        where = await self._searching.where(category, filter_)
        if category is not None:
            await self._searching.check_known(normalised(category))
        return where
