"""The facade: everything that a route or a command may ask of the catalogue."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from embedder import CropBox
from service.catalog import categories, reading
from service.catalog.attributes import AttributeKinds
from service.catalog.calibration.calibration import Calibrated
from service.catalog.categories import Category
from service.catalog.counts import Counts
from service.catalog.duplicates import Group
from service.catalog.flaw import Flaw
from service.catalog.listing import Listing
from service.catalog.locks import NamedLocks
from service.catalog.media import MediaStore, OpenedImage
from service.catalog.misfits import Misfit
from service.catalog.parts import Counted
from service.catalog.pictures import PictureReader
from service.catalog.products import Product, StoredProduct, stored_product
from service.catalog.reading import ProductPage
from service.catalog.reranking.methods import Rerank
from service.catalog.searching import Answer, Example, Query, Searching
from service.catalog.statistics import Statistics
from service.catalog.unlike import Loner
from service.catalog.walking import Stretch
from service.catalog.writing import Change, Draft, Outcome, ProductWriter
from service.store.base import Generation, VectorStore


class Catalog:
    def __init__(
        self,
        store: VectorStore,
        media: MediaStore,
        reader: PictureReader,
        rerank: Rerank = "none",
        calibrated: Calibrated = lambda: None,
    ) -> None:
        """`rerank` is for searches that do not say."""
        self._store = store
        self._media = media
        self._counts = Counts(store)
        kinds = AttributeKinds(store)
        self._searching = Searching(store, reader, kinds, self._counts, rerank, calibrated)
        self._listing = Listing(store, media, self._searching)
        self._statistics = Statistics(store)
        self._writer = ProductWriter(store, media, reader, kinds, NamedLocks())

    @property
    def generation(self) -> Generation:
        return self._store.generation

    async def similar_to_image(self, data: bytes, query: Query, crop: CropBox | None = None) -> Answer:
        return await self._searching.similar_to_image(data, query, crop)

    async def similar_to_product(self, product_id: str, query: Query) -> Answer:
        return await self._searching.similar_to_product(product_id, query)

    async def recommend(self, liked: Sequence[Example], disliked: Sequence[Example], query: Query) -> Answer:
        """Like any of these products or images, and unlike those; none of the products is in the answer."""
        return await self._searching.recommend(liked, disliked, query)

    async def put(self, product: Product, images: Sequence[bytes], *, only_new: bool = False) -> Outcome:
        (outcome,) = await self.write([Draft(product, images, only_new)])
        if outcome.error is not None:
            raise outcome.error
        return outcome

    async def write(self, drafts: Sequence[Draft], *, anew: bool = False) -> list[Outcome]:
        return await self._writer.write(drafts, anew=anew)

    def writer(self, reader: PictureReader) -> ProductWriter:
        """For long work, whose pictures take a road of their own."""
        return self._writer.reading_with(reader)

    async def patch(self, product_id: str, change: Change) -> StoredProduct:
        """Changes what is said of a product and leaves its images, so nothing is embedded."""
        await self._writer.patch(product_id, change)
        return await self.get(product_id)

    async def delete(self, product_id: str) -> None:
        await self._writer.delete(product_id)

    async def get(self, product_id: str) -> StoredProduct:
        return stored_product(await reading.points_of(self._store, product_id))

    async def products(
        self,
        category: str | None = None,
        filter_: Mapping[str, Any] | None = None,
        *,
        limit: int = 100,
        cursor: str | None = None,
    ) -> ProductPage:
        return await self._listing.products(category, filter_, limit, cursor)

    async def duplicates(
        self, threshold: float, category: str | None = None, *, limit: int = 20, cursor: str | None = None
    ) -> Stretch[Group]:
        return await self._listing.duplicates(category, threshold, limit, cursor)

    async def misfits(
        self, agreement: float, category: str | None = None, *, limit: int = 20, cursor: str | None = None
    ) -> Stretch[Misfit]:
        return await self._listing.misfits(category, agreement, limit, cursor)

    async def unlike(
        self, unusual: float, category: str | None = None, *, limit: int = 20, cursor: str | None = None
    ) -> Stretch[Loner]:
        return await self._listing.unlike(category, unusual, limit, cursor)

    async def flaws(
        self, least_detail: float, category: str | None = None, *, limit: int = 20, cursor: str | None = None
    ) -> Stretch[Flaw]:
        return await self._listing.flaws(category, least_detail, limit, cursor)

    async def statistics(self, names: Sequence[str], top: int) -> Counted:
        return await self._statistics.get(names, top)

    def product_ids(self) -> AsyncIterator[list[str]]:
        return reading.product_ids(self._store)

    async def image(self, image: str) -> OpenedImage:
        return await self._media.opened(image)

    async def thumbnail(self, image: str) -> bytes:
        return await self._media.thumbnail(image)

    async def categories(self) -> list[Category]:
        return categories.tree(await self._counts.by_category.get())

    async def count_products(self) -> int:
        return await self._counts.products.get()

    async def count_images(self) -> int:
        return await self._counts.images.get()

    async def settle(self) -> None:
        """Waits for what was written to be indexed."""
        await self._store.settle()

    async def check(self) -> None:
        """Raises where a search would find no store. It costs the same at any size."""
        await self._store.scroll(limit=1)
