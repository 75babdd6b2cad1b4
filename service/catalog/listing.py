"""Walks through the catalogue, page by page."""

from collections.abc import Mapping
from typing import Any

from service.catalog import reading
from service.catalog.categories import normalised
from service.catalog.duplicates import Duplicates, Group
from service.catalog.flaw import Flaw
from service.catalog.flaws import Flaws
from service.catalog.media import MediaStore
from service.catalog.misfits import Misfit, Misfits
from service.catalog.reading import ProductPage
from service.catalog.searching import Searching
from service.catalog.unlike import Loner, Unlike
from service.catalog.usual import UsualDistances
from service.catalog.walking import Stretch, Turns
from service.store.base import VectorStore
from service.store.filters import Filter


class Listing:
    def __init__(self, store: VectorStore, media: MediaStore, searching: Searching) -> None:
        self._store = store
        self._media = media
        self._searching = searching
        self._usual = UsualDistances(store)
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

    async def unlike(
        self, category: str | None, unusual: float, limit: int, cursor: str | None
    ) -> Stretch[Loner]:
        unlike = Unlike(self._store, self._usual, await self._where(category), unusual)
        async with self._walks.turn():
            return await unlike.page(limit, cursor)

    async def flaws(
        self, category: str | None, least_detail: float, limit: int, cursor: str | None
    ) -> Stretch[Flaw]:
        flaws = Flaws(self._store, self._media, await self._where(category), least_detail)
        async with self._walks.turn():
            return await flaws.page(limit, cursor)

    async def _where(self, category: str | None, filter_: Mapping[str, Any] | None = None) -> Filter | None:
        where = await self._searching.where(category, filter_)
        if category is not None:
            await self._searching.check_known(normalised(category))
        return where
