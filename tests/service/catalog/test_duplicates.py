"""Groups of duplicates, against what Python finds among the same vectors; on both kinds of store."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from service.catalog import duplicates, walking
from service.catalog.duplicates import Duplicates, Group
from service.catalog.likeness import MOST_LIKE_ONE, Likeness
from service.catalog.products import Product, payload_of, point_id
from service.catalog.walking import Stretch
from service.store.base import Generations, Identity, Point, VectorStore
from service.store.filters import Equals, Filter

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]

DIM = 8
THRESHOLD = 0.95
SIDES = [("a", 0), ("b", 90)]


@dataclass(frozen=True)
class Image:
    product: str
    vector: Sequence[float]
    file: str = ""
    category: str = "Shoes"
    position: int = 0

    @property
    def name(self) -> str:
        return self.file or f"{self.product}-{self.position}"

    def point(self) -> Point:
        payload = payload_of(Product(self.product, self.category), self.name, self.position)
        return Point(point_id(self.product, self.name), payload, np.array(self.vector, np.float32))


@pytest.fixture
def generations(either_generations: Generations) -> Generations:
    return either_generations


@pytest.fixture
def identity() -> Identity:
    return Identity("test.unit.1", DIM, "cosine")


def towards(degrees: float, plane: int = 0) -> list[float]:
    """A direction in one of four planes that are at right angles to each other."""
    vector = [0.0] * DIM
    vector[2 * plane], vector[2 * plane + 1] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vector


async def keep(store: VectorStore, *images: Image) -> None:
    await store.upsert([image.point() for image in images])


async def walk(
    store: VectorStore, where: Filter | None = None, *, limit: int = 100, threshold: float = THRESHOLD
) -> list[Stretch[Group]]:
    pages: list[Stretch[Group]] = []
    cursor = None
    while not pages or cursor is not None:
        pages.append(await Duplicates(store, where, threshold).page(limit, cursor))
        cursor = pages[-1].cursor
    return pages


def groups_in(pages: Sequence[Stretch[Group]]) -> list[Group]:
    return [group for page in pages for group in page.found]


def products_of(group: Group) -> list[str]:
    return sorted(duplicate.product.id for duplicate in group.duplicates)


async def test_what_is_alike_is_a_group_and_what_is_not_is_none(store: VectorStore) -> None:
    await keep(
        store,
        Image("a", towards(0)),
        Image("b", towards(5)),
        Image("c", towards(40)),
        Image("d", towards(0, plane=1)),
        Image("e", towards(1, plane=1)),
    )
    (page,) = await walk(store)
    assert sorted(map(products_of, page.found)) == [["a", "b"], ["d", "e"]]
    assert page.examined == 5
    assert all(group.complete for group in page.found)
    scores = {
        duplicate.product.id: duplicate.images[0].score
        for group in page.found
        for duplicate in group.duplicates
    }
    assert scores["a"] == scores["b"] == pytest.approx(np.cos(np.radians(5)), abs=1e-5)
    assert scores["d"] == pytest.approx(np.cos(np.radians(1)), abs=1e-5)


async def test_a_group_goes_on_from_image_to_image(store: VectorStore) -> None:
    """Each is 15 degrees from the next, and the ends are far apart."""
    await keep(store, *(Image(f"p{step}", towards(15 * step)) for step in range(6)))
    (page,) = await walk(store)
    (group,) = page.found
    assert products_of(group) == [f"p{step}" for step in range(6)]


async def test_images_of_one_product_are_no_duplicates_of_each_other(store: VectorStore) -> None:
    await keep(
        store,
        Image("a", towards(0)),
        Image("a", towards(1), position=1),
        Image("a", towards(90), position=2),
        Image("b", towards(91)),
    )
    (page,) = await walk(store)
    (group,) = page.found
    assert {d.product.id: [image.image for image in d.images] for d in group.duplicates} == {
        "a": ["a-2"],
        "b": ["b-0"],
    }


async def test_the_same_file_is_a_duplicate_with_score_one_whatever_its_vectors_say(
    store: VectorStore,
) -> None:
    """Two runs of a network may differ in the last digits; here they differ in all of them."""
    await keep(store, Image("a", towards(0), file="same"), Image("b", towards(90), file="same"))
    (page,) = await walk(store, threshold=1.0)
    (group,) = page.found
    assert [[image.score for image in duplicate.images] for duplicate in group.duplicates] == [[1.0], [1.0]]


async def test_inside_a_filter_nothing_outside_is_looked_at(store: VectorStore) -> None:
    await keep(
        store,
        Image("a", towards(0), category="Bags"),
        Image("b", towards(1), category="Shoes"),
        Image("c", towards(10), category="Bags"),
        Image("d", towards(0), category="Shoes", file="same"),
        Image("e", towards(90), category="Bags", file="same"),
    )
    (page,) = await walk(store, Equals("categories", "Bags"))
    assert [products_of(group) for group in page.found] == [["a", "c"]]
    assert page.examined == 3


@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_however_it_is_paged_each_group_is_told_once_and_whole(store: VectorStore, limit: int) -> None:
    draw = np.random.default_rng(4)
    centres = draw.normal(size=(30, DIM))
    images = [
        Image(f"p{number}", list(centre + draw.normal(scale=0.03, size=DIM)), position=number % 3)
        for number, centre in enumerate(centres[draw.integers(0, 30, size=100)])
    ]
    await keep(store, *images)
    pages = await walk(store, limit=limit)
    assert all(len(page.found) <= limit for page in pages)
    assert sum(page.examined for page in pages) == 100
    found = [products_of(group) for group in groups_in(pages)]
    assert sorted(found) == _components(images)


def _components(images: Sequence[Image]) -> list[list[str]]:
    """What hangs together, found the slow way."""
    vectors = np.array([image.vector for image in images])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    linked = vectors @ vectors.T >= THRESHOLD
    reached = np.linalg.matrix_power(linked.astype(float) / len(images), 32) > 0
    parts = {tuple(sorted(images[int(n)].product for n in np.flatnonzero(row))) for row in reached}
    return sorted(list(part) for part in parts if len(part) > 1)


async def test_a_page_ends_when_it_has_looked_at_enough_and_the_next_goes_on_there(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(store, *(Image(f"p{number}", towards(number, plane=number % 4)) for number in range(40)))
    monkeypatch.setattr(walking, "MOST_EXAMINED", 20)
    assert [page.examined for page in await walk(store, threshold=1.0)] == [24, 16]
    monkeypatch.setattr(walking, "_PATIENCE_S", 0.0)
    pages = await walk(store, threshold=0.9999)
    assert len(pages) > 20, "a page that has no time left looks at one image, and never at none"
    assert sum(page.examined for page in pages) == 40
    assert not groups_in(pages)


async def test_one_file_in_very_many_products_is_told_once_and_in_part(store: VectorStore) -> None:
    """A shop's own 'no picture yet'."""
    await keep(store, *(Image(f"p{number}", towards(0), file="none yet") for number in range(200)))
    pages = await walk(store, limit=1)
    (group,) = groups_in(pages)
    assert not group.complete
    assert 50 < len(group.duplicates) <= duplicates.MOST_IMAGES
    assert sum(page.examined for page in pages) == 200


async def test_a_file_in_very_many_products_hides_no_other(store: VectorStore) -> None:
    """Those that share a file are far apart here, so that only its name can tell."""
    pairs = [Image(f"{side}{n}", towards(angle), file=f"pair {n}") for n in range(7) for side, angle in SIDES]
    crowd = [Image(f"p{number}", towards(180, plane=2), file="none yet") for number in range(1_100)]
    await keep(store, *pairs, *crowd)
    asked = [image.point() for image in [*pairs[::2], crowd[0]]]
    found = await Likeness(store, None, 0.99).of(asked)
    same = [found[point.id][0].payload["product_id"] for point in asked[:-1]]
    assert same == [f"b{n}" for n in range(7)]
    assert len(found[asked[-1].id]) == MOST_LIKE_ONE


async def test_an_empty_catalogue_has_none(store: VectorStore) -> None:
    assert await walk(store) == [Stretch([], 0, None)]
