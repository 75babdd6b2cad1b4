"""What the store counts, against what Python counts over the same products; on both kinds of store."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from service.catalog.attributes import AttributeKinds, Attributes
from service.catalog.distribution import Distributions
from service.catalog.errors import InvalidFilter
from service.catalog.number_parts import round_edges
from service.catalog.parts import Distribution
from service.catalog.products import Product, payload_of, point_id
from service.store.base import Generations, Identity, Point, VectorStore

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]

CATEGORIES = ["Apparel/Topwear/Shirts", "Apparel/Topwear/Tops", "Apparel", "Shoes/Boots", "Bags"]
COLOURS = ["red", "navy blue", "[bold]red", "", "зелёный", "白", "$x_1$"]


@pytest.fixture
def generations(either_generations: Generations) -> Generations:
    return either_generations


@pytest.fixture
def identity() -> Identity:
    return Identity("test.unit.1", 4, "cosine")


def drawn(count: int) -> list[Product]:
    """Some with each attribute and some without."""
    pick = Random(3)
    products = []
    for number in range(count):
        attributes: Attributes = {
            "year": pick.choice([2011, 2012, 2014]),
            "price": pick.randrange(5, 4000) / 4,
        }
        if pick.random() < 0.9:
            attributes["colour"] = pick.choice(COLOURS)
        if pick.random() < 0.5:
            attributes["in stock"] = pick.random() < 0.3
        attributes["tags"] = pick.sample(["new", "sale", "linen"], pick.randrange(4))
        products.append(Product(f"p{number}", pick.choice(CATEGORIES), "", attributes))
    return products


async def keep(store: VectorStore, products: Sequence[Product], images: int = 2) -> list[Product]:
    kinds = AttributeKinds(store)
    for product in products:
        await kinds.learn(product.attributes)
    await store.upsert(
        [
            Point(point_id(product.id, str(n)), payload_of(product, str(n), n), np.ones(4, np.float32))
            for product in products
            for n in range(images)
        ]
    )
    return list(products)


def counts(distribution: Distribution) -> dict[str, int]:
    return {part.label: part.products for part in distribution.all_parts}


async def test_every_product_is_counted_once_however_many_images_it_has(store: VectorStore) -> None:
    products = await keep(store, drawn(200))
    distribution = await Distributions(store).by("colour", 20)
    expected = Counter(str(product.attributes.get("colour", "none")) for product in products)
    assert counts(distribution) == expected
    assert distribution.others is None
    assert [part.products for part in distribution.parts] == sorted(
        (part.products for part in distribution.parts), reverse=True
    )


async def test_what_is_beyond_the_top_is_counted_as_others(store: VectorStore) -> None:
    products = await keep(store, drawn(200))
    distribution = await Distributions(store).by("colour", 3)
    assert len(distribution.parts) == 3
    assert distribution.others is not None
    assert distribution.others.products > 0
    assert sum(counts(distribution).values()) == len(products)


async def test_true_and_false_are_counted_under_a_name_with_a_blank(store: VectorStore) -> None:
    products = await keep(store, drawn(60))
    expected = Counter(str(product.attributes.get("in stock", "none")).lower() for product in products)
    assert counts(await Distributions(store).by("in stock", 20)) == expected


async def test_a_product_with_several_values_counts_under_each_and_it_is_said(store: VectorStore) -> None:
    products = await keep(store, drawn(60))
    distribution = await Distributions(store).by("tags", 20)
    expected: Counter[str] = Counter()
    for product in products:
        tags = product.attributes["tags"]
        assert isinstance(tags, list)
        expected.update(tags or ["none"])
    assert counts(distribution) == expected
    assert "several values" in distribution.note


async def test_a_few_whole_numbers_are_counted_each(store: VectorStore) -> None:
    products = await keep(store, drawn(60))
    distribution = await Distributions(store).by("year", 20)
    assert counts(distribution) == Counter(str(product.attributes["year"]) for product in products)
    assert [part.label for part in distribution.parts] == ["2011", "2012", "2014"]


async def test_many_numbers_are_counted_in_round_ranges(store: VectorStore) -> None:
    products = await keep(store, drawn(300))
    distribution = await Distributions(store).by("price", 5)
    prices = [float(str(product.attributes["price"])) for product in products]
    assert f"from {min(prices):g} to {max(prices):g}" in distribution.note
    assert counts(distribution) == {
        f"{low} – {low + 200}": sum(low <= price < low + 200 for price in prices)
        for low in range(0, 1000, 200)
    }


async def test_a_single_number_is_a_part_of_its_own(store: VectorStore) -> None:
    await keep(store, [Product("a", "A", "", {"price": 40.5}), Product("b", "A", "", {"price": 40.5})])
    assert counts(await Distributions(store).by("price", 8)) == {"40.5": 2}


@pytest.mark.parametrize(
    ("lowest", "highest"), [(0.0, 1.0), (-3.5, 1e9), (-(2.0**53), 2.0**53), (0.1, 0.3), (5e-324, 1e-323)]
)
@pytest.mark.parametrize("most", [1, 2, 8, 100])
def test_ranges_hold_both_ends_and_are_no_more_than_asked_for(
    lowest: float, highest: float, most: int
) -> None:
    edges = round_edges(lowest, highest, most)
    assert edges == sorted(set(edges))
    assert edges[0] <= lowest
    assert edges[-1] >= highest
    assert len(edges) - 1 <= max(most, 2), "zero divides any two ranges, however few are asked for"


async def test_categories_are_counted_at_the_first_level_that_divides_them(store: VectorStore) -> None:
    distributions = Distributions(store)
    products = await keep(store, drawn(100))
    expected = Counter(product.category.partition("/")[0] for product in products)
    assert counts(await distributions.by("category", 20)) == expected
    await store.delete_where((await distributions.by("category", 20)).parts[-1].where)
    await keep(store, [Product(f"x{n}", f"Apparel/Topwear/Shirts/{n % 2}") for n in range(4)])
    deeper = await distributions.by("category:4", 20)
    assert counts(deeper)["Apparel/Topwear/Shirts/0"] == 2
    assert "level 4 of 4" in deeper.note


async def test_what_stands_above_a_level_is_counted_as_itself(store: VectorStore) -> None:
    products = await keep(store, drawn(100))
    distribution = await Distributions(store).by("category:2", 20)
    exact = Counter(product.category for product in products)
    assert counts(distribution) == {
        "Apparel/Topwear": exact["Apparel/Topwear/Shirts"] + exact["Apparel/Topwear/Tops"],
        "Apparel, itself": exact["Apparel"],
        "Shoes/Boots": exact["Shoes/Boots"],
        "Bags": exact["Bags"],
    }


async def test_a_cross_table_counts_what_has_both(store: VectorStore) -> None:
    products = await keep(store, drawn(200))
    cross = await Distributions(store).cross("colour", "category", 4)
    tops = [part.label for part in cross.rows.parts]
    expected = Counter(
        (
            "none" if colour is None else colour if colour in tops else "others",
            product.category.partition("/")[0],
        )
        for product in products
        for colour in [product.attributes.get("colour")]
    )
    for part, row in zip(cross.rows.all_parts, cross.counts, strict=True):
        assert sum(row) == part.products
        for column, count in zip(cross.columns.all_parts, row, strict=True):
            assert count == expected[part.label, column.label]


async def test_an_overview_has_the_categories_and_every_attribute(store: VectorStore) -> None:
    await keep(store, drawn(50))
    overview = await Distributions(store).overview(8)
    assert (overview.products, overview.images) == (50, 100)
    assert [category.path for category in overview.tree] == ["Apparel", "Bags", "Shoes"]
    names = [distribution.name for distribution in overview.distributions]
    assert names[0] == "category"
    assert {"colour", "in stock", "price", "tags", "year"} <= {*names}


async def test_an_attribute_called_category_is_reached_by_its_longer_name(store: VectorStore) -> None:
    await keep(store, [Product("a", "Shoes", "", {"category": "winter"}), Product("b", "Bags")])
    distributions = Distributions(store)
    assert counts(await distributions.by("category", 8)) == {"Bags": 1, "Shoes": 1}
    assert counts(await distributions.by("attributes.category", 8)) == {"winter": 1, "none": 1}


async def test_an_unknown_name_is_told_with_the_nearest(store: VectorStore) -> None:
    await keep(store, drawn(10))
    with pytest.raises(InvalidFilter, match="Did you mean 'colour'"):
        await Distributions(store).by("color", 8)
    with pytest.raises(InvalidFilter, match="Did you mean 'category'"):
        await Distributions(store).cross("colour", "categories", 8)


async def test_an_empty_catalogue_is_counted_too(store: VectorStore) -> None:
    overview = await Distributions(store).overview(8)
    assert (overview.products, overview.tree, counts(overview.distributions[0])) == (0, [], {})
