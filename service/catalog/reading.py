"""Products out of the store: one of them, a page of them, or the ids of all."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from service.catalog.errors import UnknownProduct
from service.catalog.products import COUNTED_ONCE, StoredProduct, stored_product
from service.store.base import Point, VectorStore
from service.store.filters import Equals, Filter, OneOf, Range, all_of

PAGE = 512


@dataclass(frozen=True, slots=True)
class ProductPage:
    products: list[StoredProduct]
    cursor: str | None
    """Where the next page begins; None behind the last one."""


async def points_of(store: VectorStore, product_id: str, *, with_vectors: bool = False) -> list[Point]:
    where = Equals("product_id", product_id)
    points = (await store.scroll(where=where, limit=1_000, with_vectors=with_vectors)).points
    if not points:
        raise UnknownProduct(product_id)
    return points


async def page_of(store: VectorStore, where: Filter | None, limit: int, cursor: str | None) -> ProductPage:
    page = await store.scroll(where=all_of([COUNTED_ONCE, where]), limit=limit, cursor=cursor)
    points: dict[str, list[Point]] = {point.payload["product_id"]: [point] for point in page.points}
    async for point in _others(store, list(points)):
        points[point.payload["product_id"]].append(point)
    return ProductPage([stored_product(images) for images in points.values()], page.cursor)


async def _others(store: VectorStore, product_ids: list[str]) -> AsyncIterator[Point]:
    """The images that stand behind the first ones."""
    if product_ids:
        where = all_of([OneOf("product_id", tuple(product_ids)), Range("position", gt=0)])
        async for points in pages(store, where):
            for point in points:
                yield point


async def product_ids(store: VectorStore) -> AsyncIterator[list[str]]:
    async for points in pages(store, COUNTED_ONCE):
        yield [point.payload["product_id"] for point in points]


async def pages(store: VectorStore, where: Filter | None = None) -> AsyncIterator[list[Point]]:
    """Every point, or every one that is asked for, without its vector."""
    cursor = None
    while True:
        page = await store.scroll(where=where, limit=PAGE, cursor=cursor)
        if page.points:
            yield page.points
        if (cursor := page.cursor) is None:
            return
