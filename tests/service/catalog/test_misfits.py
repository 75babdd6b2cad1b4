"""Products in the wrong category, by their neighbours; on both kinds of store."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog import walking
from service.catalog.misfits import CLOSEST, Misfit, Misfits, Verdict, verdict_on
from service.catalog.products import Product, payload_of, point_id
from service.catalog.voting import VOTERS
from service.catalog.walking import Stretch
from service.store.base import Generations, Identity, Point, VectorStore
from service.store.filters import Equals, Filter

PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
DIM = 4

on_both_stores = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]


def test_neighbours_that_agree_on_another_category_speak_against_it() -> None:
    neighbours = ["Shoes/Heels"] * 12 + ["Bags"] * 3
    assert verdict_on("Shirts", neighbours, 0.8) == Verdict("Shoes", 0.8, "Shoes/Heels")
    assert verdict_on("Shirts", neighbours, 0.81) is None


def test_what_counts_is_how_many_are_elsewhere_and_not_how_deep_they_agree() -> None:
    neighbours = ["Shoes/Heels"] * 8 + ["Shoes/Flats"] * 7
    assert verdict_on("Shirts", neighbours, 1.0) == Verdict("Shoes", 1.0, "Shoes/Heels")
    assert verdict_on("Shoes/Boots", neighbours, 0.6) is None, "no more than 8 of 15 are in one beside it"
    assert verdict_on("Shoes/Boots", neighbours, 0.53) == Verdict("Shoes/Heels", 8 / 15, "Shoes/Heels")


@pytest.mark.parametrize("own", ["Shoes", "Shoes/Heels", "Shoes/Heels/Red"])
def test_nothing_speaks_against_a_category_above_or_below_theirs(own: str) -> None:
    assert verdict_on(own, ["Shoes/Heels"] * VOTERS, 0.6) is None


def test_the_closest_ones_have_a_veto_so_that_a_small_category_may_be_right() -> None:
    """Three anklets among a thousand bracelets."""
    assert verdict_on("Anklets", ["Anklets", "Anklets", *["Bracelets"] * 13], 0.8) is None
    assert verdict_on("Anklets", [*["Bracelets"] * 13, "Anklets", "Anklets"], 0.8) is not None
    closest_but_one = [*["Jewellery/Bracelets"] * 4, "Jewellery/Anklets", *["Jewellery/Bracelets"] * 10]
    assert verdict_on("Jewellery/Anklets", closest_but_one, 0.8) is None


def test_a_few_neighbours_say_nothing() -> None:
    assert verdict_on("Shirts", [], 0.8) is None
    assert verdict_on("Shirts", ["Shoes"] * (CLOSEST - 1), 0.8) is None
    assert verdict_on("Shirts", ["Shoes"] * CLOSEST, 0.8) is not None


def test_a_category_whose_name_begins_like_another_s_is_another() -> None:
    assert verdict_on("Shoe", ["Shoes"] * VOTERS, 0.8) == Verdict("Shoes", 1.0, "Shoes")


@given(PATHS, st.lists(PATHS, max_size=VOTERS), st.floats(0.5, 1, exclude_min=True))
def test_a_verdict_is_always_what_it_says(own: str, neighbours: list[str], agreement: float) -> None:
    verdict = verdict_on(own, neighbours, agreement)
    if verdict is None:
        return
    inside = [path for path in neighbours if f"{path}/".startswith(f"{verdict.elsewhere}/")]
    assert verdict.share == len(inside) / len(neighbours) >= agreement
    assert f"{verdict.suggested}/".startswith(f"{verdict.elsewhere}/")
    assert not f"{own}/".startswith(f"{verdict.elsewhere}/")
    assert not f"{verdict.elsewhere}/".startswith(f"{own}/")
    assert own not in neighbours[:CLOSEST]


@pytest.fixture
def generations(either_generations: Generations) -> Generations:
    return either_generations


@pytest.fixture
def identity() -> Identity:
    return Identity("test.unit.1", DIM, "cosine")


async def keep(store: VectorStore, axis: int, category: str, ids: Sequence[str], *, images: int = 1) -> None:
    """Products that all look into one direction, more or less."""
    draw = np.random.default_rng(sum(map(ord, "".join(ids))))
    points = []
    for id_ in ids:
        for position in range(images):
            vector = np.eye(DIM, dtype=np.float32)[axis] + draw.normal(scale=0.05, size=DIM)
            payload = payload_of(Product(id_, category), f"{id_}-{position}", position)
            points.append(Point(point_id(id_, f"{id_}-{position}"), payload, vector.astype(np.float32)))
    await store.upsert(points)


def named(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


async def walk(store: VectorStore, where: Filter | None = None, limit: int = 100) -> list[Stretch[Misfit]]:
    pages: list[Stretch[Misfit]] = []
    cursor = None
    while not pages or cursor is not None:
        pages.append(await Misfits(store, where, 0.8).page(limit, cursor))
        cursor = pages[-1].cursor
    return pages


class TestWalking:
    pytestmark = on_both_stores

    async def test_what_stands_among_others_is_told_with_those_it_stands_among(
        self, store: VectorStore
    ) -> None:
        await keep(store, 0, "Shoes/Heels", named("heel", 16))
        await keep(store, 1, "Shirts", named("shirt", 16))
        await keep(store, 0, "Shirts", ["stray"])
        (page,) = await walk(store)
        (misfit,) = page.found
        assert page.examined == 33
        assert (misfit.product.id, misfit.image) == ("stray", "stray-0")
        assert misfit.verdict == Verdict("Shoes", 1.0, "Shoes/Heels")
        assert misfit.votes == {"Shoes/Heels": VOTERS}
        assert len(misfit.neighbours) == CLOSEST
        assert all(match.product.id.startswith("heel") for match in misfit.neighbours)
        scores = [match.score for match in misfit.neighbours]
        assert scores == sorted(scores, reverse=True)

    async def test_each_neighbour_votes_once_however_many_images_it_has_and_none_for_itself(
        self, store: VectorStore
    ) -> None:
        """By images, those of the one bag would outvote the shoes, if its own did not."""
        await keep(store, 0, "Shoes", ["boot"], images=30)
        await keep(store, 0, "Bags", ["bag"], images=60)
        await keep(store, 0, "Shoes", named("shoe", 14))
        (page,) = await walk(store)
        (misfit,) = page.found
        assert (misfit.product.id, misfit.votes) == ("bag", {"Shoes": 15})
        assert page.examined == 16

    async def test_inside_a_category_its_products_are_examined_and_everything_votes(
        self, store: VectorStore
    ) -> None:
        await keep(store, 0, "Shoes", named("shoe", 16))
        await keep(store, 1, "Bags", named("bag", 16))
        await keep(store, 0, "Bags", ["shoe in bags"])
        await keep(store, 1, "Shoes", ["bag in shoes"])
        (page,) = await walk(store, Equals("categories", "Bags"))
        assert [misfit.product.id for misfit in page.found] == ["shoe in bags"]
        assert page.examined == 17

    async def test_however_it_is_paged_each_is_told_once(
        self, store: VectorStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await keep(store, 0, "Shoes", named("shoe", 16))
        await keep(store, 1, "Bags", named("bag", 16))
        strays = named("stray", 3)
        await keep(store, 0, "Hats", strays)
        # Three are a category of their own, of which each has two close by: so they are given one each.
        for number, stray in enumerate(strays):
            await store.set_payload(
                [point_id(stray, f"{stray}-0")],
                {"category": f"Hats{number}", "categories": [f"Hats{number}"]},
            )
        whole = await walk(store)
        assert {misfit.product.id for page in whole for misfit in page.found} == set(strays)
        paged = await walk(store, limit=1)
        assert [len(page.found) for page in paged if page.found] == [1, 1, 1]
        monkeypatch.setattr(walking, "MOST_EXAMINED", 10)
        short = await walk(store)
        assert [page.examined for page in short] == [16, 16, 3]
        monkeypatch.setattr(walking, "_PATIENCE_S", 0.0)
        hasty = await walk(store)
        for pages in (paged, short, hasty):
            assert sum(page.examined for page in pages) == 35
            assert [misfit for page in pages for misfit in page.found] == whole[0].found

    async def test_an_empty_catalogue_has_none(self, store: VectorStore) -> None:
        assert await walk(store) == [Stretch([], 0, None)]
