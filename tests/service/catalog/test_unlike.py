"""Images that are far from every other, on both kinds of store and under both distances."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from service.catalog import usual
from service.catalog.products import Product, payload_of, point_id
from service.catalog.unlike import Loner, Unlike
from service.catalog.usual import Usual, UsualDistances, usual_among
from service.store.base import Generations, Identity, Point, VectorStore
from service.store.filters import Equals, Filter

DIM = 16
DISTANCES = np.random.default_rng(11).gamma(9, size=64)
FAR_OUT = 4.0

on_both_stores = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]


@pytest.fixture
def generations(either_generations: Generations) -> Generations:
    return either_generations


@pytest.fixture(params=["cosine", "euclid"])
def identity(request: pytest.FixtureRequest) -> Identity:
    return Identity("test.unit.1", DIM, request.param)


def crowd(axis: int, count: int, spread: float = 0.1) -> NDArray[np.float32]:
    """Of one kind: in one direction, more or less."""
    draw = np.random.default_rng([axis, count])
    vectors: NDArray[np.float64] = np.eye(DIM)[axis] + draw.normal(scale=spread, size=(count, DIM))
    return vectors.astype(np.float32)


def points(category: str, prefix: str, vectors: NDArray[np.float32]) -> list[Point]:
    named = [(f"{prefix}{number}", vector) for number, vector in enumerate(vectors)]
    return [
        Point(point_id(name, name), payload_of(Product(name, category), name, 0), vector)
        for name, vector in named
    ]


def ids(found: Sequence[Loner]) -> list[str]:
    return sorted(loner.product.id for loner in found)


async def walk(store: VectorStore, where: Filter | None = None) -> list[Loner]:
    page = await Unlike(store, UsualDistances(store), where, FAR_OUT).page(100, None)
    assert page.cursor is None
    return page.found


class TestWalking:
    pytestmark = on_both_stores

    async def test_what_is_far_from_all_is_told_and_what_is_only_in_the_wrong_place_is_not(
        self, store: VectorStore
    ) -> None:
        await store.upsert(points("Shoes/Heels", "heel", crowd(0, 60, 0.05)))
        await store.upsert(points("Bags", "bag", crowd(1, 60, 0.15)))
        await store.upsert(points("Shoes/Heels", "bag among heels ", crowd(1, 1, 0.15)))
        await store.upsert(points("Shoes/Heels", "chart", -np.eye(DIM, dtype=np.float32)[[5]]))
        await store.upsert(points("Bags", "view", np.eye(DIM, dtype=np.float32)[[7]]))
        found = await walk(store)
        assert ids(found) == ["chart0", "view0"]
        (chart,) = await walk(store, Equals("categories", "Shoes"))
        assert chart.product.id == "chart0"
        assert chart.nearest.product.id.startswith(("heel", "bag"))
        assert chart.distance > 1.5 * chart.usual > 0
        assert chart.unusual > FAR_OUT

    async def test_of_few_pictures_nothing_is_said(self, store: VectorStore) -> None:
        assert await walk(store) == []
        await store.upsert(points("Shoes", "shoe", crowd(0, 18)))
        await store.upsert(points("Bags", "chart", -np.eye(DIM, dtype=np.float32)[[5]]))
        assert await walk(store) == []

    async def test_a_category_with_few_pictures_is_judged_as_the_one_above(self, store: VectorStore) -> None:
        await store.upsert(points("Shoes/Heels", "heel", crowd(0, 40)))
        await store.upsert(points("Shoes/Clogs", "clog", crowd(0, 2)))
        usual_distances = UsualDistances(store)
        assert await usual_distances.of("Shoes/Clogs") == await usual_distances.of("Shoes")
        assert await usual_distances.of("Nowhere") is not None, "as the whole catalogue"

    async def test_what_is_there_twice_is_told_all_the_same(self, store: VectorStore) -> None:
        await store.upsert(points("Shoes", "heel", crowd(0, 60)))
        await store.upsert(points("Shoes", "chart", -np.eye(DIM, dtype=np.float32)[[5, 5]]))
        assert ids(await walk(store)) == ["chart0", "chart1"]

    async def test_what_is_usual_is_believed_for_a_while(
        self, store: VectorStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await store.upsert(points("Shoes", "shoe", crowd(0, 30)))
        distances = UsualDistances(store)
        before = await distances.of("Shoes")
        await store.upsert(points("Shoes", "boot", crowd(1, 60, 0.5)))
        assert await distances.of("Shoes") == before
        monkeypatch.setattr(usual, "_BELIEVED_FOR_S", -1.0)
        assert await UsualDistances(store).of("Shoes") != before


def test_the_unit_does_not_matter() -> None:
    sample = DISTANCES
    one, other = usual_among(sample), usual_among(1_000 * sample)
    assert one is not None
    assert other is not None
    assert one.beyond(float(np.quantile(sample, 0.9))) == pytest.approx(1)
    assert other.beyond(7_000) == pytest.approx(one.beyond(7))


def test_goods_that_come_in_several_colours_do_not_make_the_others_unusual() -> None:
    """Of half of them there are three, side by side."""
    plain, mixed = usual_among(DISTANCES), usual_among(np.concatenate([DISTANCES, np.full(64, 1e-3)]))
    assert plain == mixed


def test_where_all_are_the_same_or_few_nothing_is_usual() -> None:
    assert usual_among(np.zeros(64)) is None
    assert usual_among(np.empty(0)) is None
    assert usual_among(np.ones(19)) is None
    assert usual_among(np.ones(20)) == Usual(1.0, 0.05)
