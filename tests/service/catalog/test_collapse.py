import pytest

from service.catalog.collapse import best_per_product
from service.catalog.products import Product, payload_of
from service.store.base import Hit

pytestmark = pytest.mark.anyio


def hit(product: str, image: int, score: float) -> Hit:
    return Hit(
        f"{product}-{image}",
        score,
        1 - score,
        payload_of(Product(product, "Shoes"), f"{product}-{image}", image),
    )


# One product with thirty images stands before five others.
HITS = [hit("many", n, 0.99 - n / 1000) for n in range(30)] + [
    hit(f"p{n}", 0, 0.5 - n / 100) for n in range(5)
]


async def ask(limit: int, hits: list[Hit] = HITS) -> tuple[list[str], list[int]]:
    asked: list[int] = []

    async def fetch(count: int) -> list[Hit]:
        asked.append(count)
        return hits[:count]

    matches = await best_per_product(fetch, limit)
    return [match.product.id for match in matches], asked


async def test_a_product_with_many_images_takes_one_place() -> None:
    found, asked = await ask(4)
    assert found == ["many", "p0", "p1", "p2"]
    assert asked == [4, 16, 64]


async def test_one_question_is_enough_where_every_product_has_one_image() -> None:
    found, asked = await ask(5, HITS[30:])
    assert found == ["p0", "p1", "p2", "p3", "p4"]
    assert asked == [5]


async def test_it_stops_when_the_store_has_no_more() -> None:
    found, asked = await ask(100)
    assert found == ["many", "p0", "p1", "p2", "p3", "p4"]
    assert asked == [100]


async def test_a_product_is_shown_by_its_best_image() -> None:
    async def fetch(count: int) -> list[Hit]:
        return HITS[:count]

    (first, *_) = await best_per_product(fetch, 3)
    assert first.image == "many-0"
    assert first.score == pytest.approx(0.99)
