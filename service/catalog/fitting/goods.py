"""The products that a fit may be learned from: of a source, or of the catalogue, each with its first picture."""

from collections.abc import Iterator
from functools import partial

from service.catalog.fitting.drawing import Draw
from service.catalog.products import COUNTED_ONCE, product_in
from service.catalog.quality.goods import Fetch, Good, goods_of_source
from service.catalog.reading import pages
from service.catalog.sources.base import Source
from service.store.base import Point, VectorStore


def drawn_from_source(source: Source, fetch: Fetch, most: int) -> list[Good]:
    """Blocks: call it in a thread."""
    draw = Draw(most)
    for good in goods_of_source(source, fetch):
        draw.offer(good)
    return draw.goods()


async def drawn_from_catalogue(store: VectorStore, original: Fetch, most: int) -> list[Good]:
    draw = Draw(most)
    async for points in pages(store, COUNTED_ONCE):
        for good in _goods(points, original):
            draw.offer(good)
    return draw.goods()


def _goods(points: list[Point], original: Fetch) -> Iterator[Good]:
    for point in points:
        product = product_in(point.payload)
        yield Good(
            product.id, product.category, partial(original, point.payload["image"]), product.attributes
        )
