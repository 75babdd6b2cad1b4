"""The facade: everything that a route or a command may ask of the catalogue."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.catalog import categories, listing
from service.catalog.attributes import AttributeKinds
from service.catalog.categories import Category
from service.catalog.collapse import best_per_product
from service.catalog.counting import Counted
from service.catalog.errors import InvalidProduct, UnknownCategory, UnknownProduct
from service.catalog.filtering import attribute_filter
from service.catalog.listing import ProductPage
from service.catalog.locks import NamedLocks
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader
from service.catalog.products import COUNTED_ONCE, Match, Product, StoredProduct, stored_product
from service.catalog.writing import Change, Draft, Outcome, ProductWriter, discard_unused, product_lock
from service.store.base import Generation, Hit, Point, Vector, VectorStore
from service.store.filters import Equals, Filter, Not, all_of

_MOST_CATEGORIES = 10_000


@dataclass(frozen=True, slots=True)
class Query:
    """What a search may ask beside its image."""

    category: str | None = None
    filter: Mapping[str, Any] | None = None
    limit: int = 10
    min_score: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    matches: list[Match]
    category: str | None
    timings_s: dict[str, float]


class Catalog:
    def __init__(self, store: VectorStore, media: MediaStore, reader: PictureReader) -> None:
        self._store = store
        self._media = media
        self._reader = reader
        self._kinds = AttributeKinds(store)
        self._locks = NamedLocks()
        self._category_counts = Counted(self._count_categories, lambda counts: sum(counts.values()))
        self._product_count = Counted(lambda: store.count(COUNTED_ONCE, exact=False), int)
        self._image_count = Counted(lambda: store.count(exact=False), int)
        self._writer = ProductWriter(store, media, reader, self._kinds, self._locks)

    @property
    def generation(self) -> Generation:
        return self._store.generation

    async def similar_to_image(self, data: bytes, query: Query) -> Answer:
        where = await self._where(query)
        picture = await self._reader.read_query(data)
        answer = await self._search(picture.vector, where, query)
        timings_s = {"decode": picture.decode_s, "embed": picture.embed_s} | answer.timings_s
        return Answer(answer.matches, answer.category, timings_s)

    async def similar_to_product(self, product_id: str, query: Query) -> Answer:
        vector = await self._first_vector(product_id)
        where = all_of([await self._where(query), Not(Equals("product_id", product_id))])
        return await self._search(vector, where, query)

    async def recommend(self, liked: Sequence[str], disliked: Sequence[str], query: Query) -> Answer:
        """Like any of these products, and unlike those; none of them is in the answer."""
        themselves = [Not(Equals("product_id", product_id)) for product_id in [*liked, *disliked]]
        where = all_of([await self._where(query), *themselves])
        positive = [await self._first_vector(product_id) for product_id in liked]
        negative = [await self._first_vector(product_id) for product_id in disliked]

        async def fetch(limit: int) -> list[Hit]:
            return await self._store.recommend(positive, negative, where=where, limit=limit)

        return await self._answer(fetch, query)

    async def _first_vector(self, product_id: str) -> Vector:
        points = await self._points(product_id, with_vectors=True)
        first = min(points, key=lambda point: point.payload["position"])
        assert first.vector is not None  # noqa: S101 - asked for
        return first.vector

    async def _where(self, query: Query) -> Filter | None:
        inside = None if query.category is None else Equals("categories", _spelled(query.category))
        return all_of([inside, await attribute_filter(query.filter, self._kinds)])

    async def _search(self, vector: Vector, where: Filter | None, query: Query) -> Answer:
        async def fetch(limit: int) -> list[Hit]:
            return await self._store.query(vector, where=where, limit=limit, min_score=query.min_score)

        return await self._answer(fetch, query)

    async def _answer(self, fetch: Callable[[int], Awaitable[list[Hit]]], query: Query) -> Answer:
        started = time.perf_counter()
        matches = await best_per_product(fetch, query.limit)
        category = None if query.category is None else _spelled(query.category)
        if not matches and category is not None:
            await self._check_known(category)
        return Answer(matches, category, {"search": time.perf_counter() - started})

    async def _check_known(self, category: str) -> None:
        """Asked only when nothing was found: a search that finds something needs no second question."""
        if not (await self._store.scroll(where=Equals("categories", category), limit=1)).points:
            known = await self._category_counts.get()
            raise UnknownCategory(category, categories.suggestions(category, known))

    async def put(self, product: Product, images: Sequence[bytes]) -> Outcome:
        (outcome,) = await self.write([Draft(product, images)])
        if outcome.error is not None:
            raise outcome.error
        return outcome

    async def write(self, drafts: Sequence[Draft], *, anew: bool = False) -> list[Outcome]:
        return await self._writer.write(drafts, anew=anew)

    async def get(self, product_id: str) -> StoredProduct:
        return stored_product(await self._points(product_id))

    async def delete(self, product_id: str) -> None:
        async with self._locks.hold([product_lock(product_id)]):
            points = await self._points(product_id)
            await self._store.delete([point.id for point in points])
        images = [point.payload["image"] for point in points]
        await discard_unused(self._store, self._media, self._locks, images)

    async def _points(self, product_id: str, *, with_vectors: bool = False) -> list[Point]:
        where = Equals("product_id", product_id)
        points = (await self._store.scroll(where=where, limit=1_000, with_vectors=with_vectors)).points
        if not points:
            raise UnknownProduct(product_id)
        return points

    async def patch(self, product_id: str, change: Change) -> StoredProduct:
        """Changes what is said of a product and leaves its images, so nothing is embedded."""
        await self._writer.patch(product_id, change)
        return await self.get(product_id)

    async def products(
        self,
        category: str | None = None,
        filter_: Mapping[str, Any] | None = None,
        *,
        limit: int = 100,
        cursor: str | None = None,
    ) -> ProductPage:
        where = await self._where(Query(category, filter_))
        return await listing.page_of(self._store, where, limit, cursor)

    def product_ids(self) -> AsyncIterator[list[str]]:
        return listing.product_ids(self._store)

    async def thumbnail(self, image: str) -> bytes:
        return await self._media.thumbnail(image)

    async def categories(self) -> list[Category]:
        return categories.tree(await self._category_counts.get())

    async def _count_categories(self) -> dict[str, int]:
        return await self._store.facet("categories", where=COUNTED_ONCE, limit=_MOST_CATEGORIES, exact=False)

    async def settle(self) -> None:
        """Waits for what was written to be indexed."""
        await self._store.settle()

    async def count_products(self) -> int:
        return await self._product_count.get()

    async def count_images(self) -> int:
        return await self._image_count.get()

    async def check(self) -> None:
        """Raises where a search would find no store. It costs the same at any size."""
        await self._store.scroll(limit=1)


def _spelled(category: str) -> str:
    try:
        return categories.normalised(category)
    except InvalidProduct as error:
        raise UnknownCategory(category[:200], []) from error
