"""What every store promises, asked of each of them."""

import math

import numpy as np
import pytest

from service.store.base import Generations, Identity, Point, Search, VectorStore
from service.store.errors import InvalidQuery
from service.store.filters import AllOf, AnyOf, Equals, Exists, Filter, Not, OneOf, Range
from service.store.live import build
from tests.service.store.points import point, point_id, vector

pytestmark = [
    pytest.mark.anyio,
    # Said by the in-memory client, which has neither indexes nor approximate search; no test here needs them.
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Api key is used with an insecure:UserWarning"),
]


def along_the_arc(number: float) -> np.ndarray:
    """Where the shop's point of this number lies: 15 degrees further each."""
    return vector(math.cos(number * math.pi / 12), math.sin(number * math.pi / 12))


def likeness(one: float, other: float) -> float:
    return math.cos((one - other) * math.pi / 12)


async def numbers_where(store: VectorStore, where: Filter | None) -> list[int]:
    page = await store.scroll(where=where, limit=100)
    return sorted(found.payload["number"] for found in page.points)


@pytest.fixture
async def shop(store: VectorStore) -> VectorStore:
    """Six points along an arc, from the first axis towards the second."""
    shelf = ["Apparel/Shirts", "Apparel/Shirts", "Apparel/Skirts", "Shoes", "Shoes", "Shoes"]
    for field, kind in {"colour": "keyword", "price": "number", "new": "bool"}.items():
        await store.ensure_index(f"attributes.{field}", kind)  # type: ignore[arg-type]
    points = []
    for number, path in enumerate(shelf):
        attributes = {"colour": ["red", "blue"][number % 2], "price": number * 1.5, "new": number < 2}
        if number == 5:
            attributes["brand"] = "Ada"
        parts = path.split("/")
        ancestors = ["/".join(parts[: level + 1]) for level in range(len(parts))]
        points.append(
            point(
                number,
                along_the_arc(number),
                categories=ancestors,
                attributes=attributes,
                position=number % 2,
            )
        )
    await store.upsert(points)
    return store


async def test_what_was_written_is_read_back(store: VectorStore) -> None:
    payload = {
        "title": "Camisa às riscas",
        "n": 3,
        "x": 1.5,
        "ok": True,
        "none": None,
        "list": ["a"],
        "in": {"k": 1},
    }
    await store.upsert([Point(point_id(1), payload, vector(0.6, 0.8))])
    (found,) = await store.retrieve([point_id(1)], with_vectors=True)
    assert found.id == point_id(1)
    assert found.payload == payload
    assert found.vector is not None
    np.testing.assert_allclose(found.vector, vector(0.6, 0.8), atol=1e-6)


async def test_a_read_that_does_not_ask_for_vectors_gets_none(shop: VectorStore) -> None:
    (found,) = await shop.retrieve([point_id(0)])
    assert found.vector is None


async def test_upsert_replaces_the_point_of_the_same_id(store: VectorStore) -> None:
    await store.upsert([point(1, vector(1), mark=1)])
    await store.upsert([point(1, vector(0, 1), mark=2)])
    (found,) = await store.retrieve([point_id(1)], with_vectors=True)
    assert found.payload == {"number": 1, "mark": 2}
    assert found.vector is not None
    assert found.vector[1] == pytest.approx(1)
    assert await store.count() == 1


async def test_nothing_to_write_is_nothing_done(store: VectorStore) -> None:
    await store.upsert([])
    await store.delete([])
    assert await store.count() == 0


async def test_unknown_ids_are_missing_from_a_read_and_harmless_to_delete(shop: VectorStore) -> None:
    assert [found.id for found in await shop.retrieve([point_id(0), point_id(99)])] == [point_id(0)]
    await shop.delete([point_id(99)])
    assert await shop.count() == 6


async def test_deleted_points_are_gone(shop: VectorStore) -> None:
    await shop.delete([point_id(0), point_id(3)])
    assert await numbers_where(shop, None) == [1, 2, 4, 5]
    assert point_id(0) not in [hit.id for hit in await shop.query(vector(1), limit=10)]


async def test_a_payload_is_overwritten_whole_and_the_vector_stays(shop: VectorStore) -> None:
    await shop.overwrite_payload(point_id(2), {"number": 22})
    (found,) = await shop.retrieve([point_id(2)], with_vectors=True)
    assert found.payload == {"number": 22}
    assert found.vector is not None
    assert found.vector[0] == pytest.approx(math.cos(math.pi / 6), abs=1e-6)


async def test_a_payload_of_a_point_that_is_gone_is_passed_over(shop: VectorStore) -> None:
    await shop.overwrite_payload(point_id(99), {"number": 99})
    assert await shop.retrieve([point_id(99)]) == []


async def test_some_keys_of_a_payload_are_set_and_the_others_stay(shop: VectorStore) -> None:
    (before,) = await shop.retrieve([point_id(3)], with_vectors=True)
    await shop.set_payload([point_id(2), point_id(99), point_id(3)], {"title": "Camisa", "position": 7})
    found = await shop.retrieve([point_id(2), point_id(99), point_id(3)], with_vectors=True)
    assert [one.payload["number"] for one in found] == [2, 3]
    for one in found:
        assert (one.payload["title"], one.payload["position"]) == ("Camisa", 7)
    assert found[1].payload["attributes"] == before.payload["attributes"]
    assert found[1].vector is not None
    assert before.vector is not None
    np.testing.assert_allclose(found[1].vector, before.vector)
    assert await numbers_where(shop, Equals("position", 7)) == [2, 3]
    await shop.set_payload([], {"title": "Camisa"})
    await shop.set_payload([point_id(98)], {"title": "Camisa"})
    assert await shop.count() == 6


async def test_what_a_filter_finds_is_deleted_and_nothing_else(shop: VectorStore) -> None:
    await shop.delete_where(AllOf((Equals("categories", "Apparel"), Not(Equals("number", 1)))))
    assert await numbers_where(shop, None) == [1, 3, 4, 5]
    await shop.delete_where(Equals("categories", "Hats"))
    assert await shop.count() == 4
    assert await shop.facet("categories") == {"Apparel": 1, "Apparel/Shirts": 1, "Shoes": 3}


async def test_points_are_read_in_the_order_they_were_asked_for(shop: VectorStore) -> None:
    order = [4, 0, 5, 2, 1, 3]
    found = await shop.retrieve([point_id(number) for number in order])
    assert [one.payload["number"] for one in found] == order


async def test_the_nearest_come_first_with_their_cosine_and_distance(shop: VectorStore) -> None:
    hits = await shop.query(vector(2), limit=3)  # twice as long: only the direction counts
    assert [hit.payload["number"] for hit in hits] == [0, 1, 2]
    for hit in hits:
        angle = hit.payload["number"] * math.pi / 12
        assert hit.score == pytest.approx(math.cos(angle), abs=1e-5)
        assert hit.distance == pytest.approx(2 * math.sin(angle / 2), abs=1e-3)


async def test_a_page_further_down_goes_on_where_the_first_ended(shop: VectorStore) -> None:
    hits = await shop.query(vector(1), limit=2, offset=2)
    assert [hit.payload["number"] for hit in hits] == [2, 3]


async def test_nothing_below_the_minimum_score_is_given(shop: VectorStore) -> None:
    hits = await shop.query(vector(1), limit=10, min_score=math.cos(math.pi / 6) - 1e-4)
    assert [hit.payload["number"] for hit in hits] == [0, 1, 2]


async def test_a_batch_of_questions_is_answered_in_their_order(shop: VectorStore) -> None:
    searches = [
        Search(vector(1), limit=2),
        Search(vector(0, 1), where=Equals("categories", "Apparel"), limit=10),
        Search(vector(1), limit=2, offset=2, exact=True),
        Search(vector(1), limit=10, min_score=likeness(0, 2) - 1e-4),
        Search(vector(1), where=Equals("categories", "Hats")),
    ]
    answers = await shop.query_batch(searches)
    numbers = [[hit.payload["number"] for hit in hits] for hits in answers]
    assert numbers == [[0, 1], [2, 1, 0], [2, 3], [0, 1, 2], []]
    assert [hit.score for hit in answers[0]] == pytest.approx([1, likeness(0, 1)], abs=1e-5)
    assert answers[0][1].distance == pytest.approx(2 * math.sin(math.pi / 24), abs=1e-3)
    assert await shop.query_batch([]) == []


async def test_one_wrong_question_refuses_its_batch(shop: VectorStore) -> None:
    for wrong in (Search(vector()), Search(vector(1), limit=0), Search(vector(1), offset=-1)):
        with pytest.raises(InvalidQuery):
            await shop.query_batch([Search(vector(1)), wrong])


async def test_recommended_is_what_is_near_to_any_positive(shop: VectorStore) -> None:
    hits = await shop.recommend([along_the_arc(0), 3 * along_the_arc(5)], limit=6)
    numbers = [hit.payload["number"] for hit in hits]
    assert [sorted(numbers[at : at + 2]) for at in (0, 2, 4)] == [[0, 5], [1, 4], [2, 3]]
    for hit in hits:
        nearest = min(hit.payload["number"], 5 - hit.payload["number"])
        assert hit.score == pytest.approx(likeness(0, nearest), abs=1e-5)
        assert hit.distance == pytest.approx(2 * math.sin(nearest * math.pi / 24), abs=1e-3)


async def test_what_is_nearer_to_a_negative_comes_last(shop: VectorStore) -> None:
    hits = await shop.recommend([along_the_arc(1)], [along_the_arc(0)], limit=6)
    numbers = [hit.payload["number"] for hit in hits]
    assert numbers == [1, 2, 3, 4, 5, 0]
    assert hits[-1].score == pytest.approx(likeness(0, 1), abs=1e-5), "likeness to the positive all the same"


async def test_recommendations_are_filtered_and_paged(shop: VectorStore) -> None:
    shoes = Equals("categories", "Shoes")
    hits = await shop.recommend([vector(1)], where=shoes, limit=2, exact=True)
    assert [hit.payload["number"] for hit in hits] == [3, 4]
    hits = await shop.recommend([vector(1)], where=shoes, limit=2, offset=2)
    assert [hit.payload["number"] for hit in hits] == [5]


async def test_diversity_0_is_a_plain_search(shop: VectorStore) -> None:
    hits = await shop.diverse(2 * vector(1), diversity=0, limit=4)
    assert [hit.payload["number"] for hit in hits] == [0, 1, 2, 3]
    for hit in hits:
        assert hit.score == pytest.approx(likeness(0, hit.payload["number"]), abs=1e-5)


async def test_diverse_hits_are_unlike_each_other_within_the_candidates(shop: VectorStore) -> None:
    hits = await shop.diverse(vector(1), diversity=1, limit=2)
    assert [hit.payload["number"] for hit in hits] == [0, 5]
    assert hits[1].score == pytest.approx(likeness(0, 5), abs=1e-5), "likeness to what was asked for"
    assert hits[1].distance == pytest.approx(2 * math.sin(5 * math.pi / 24), abs=1e-3)
    hits = await shop.diverse(vector(1), diversity=1, candidates=3, limit=2)
    assert [hit.payload["number"] for hit in hits] == [0, 2]
    shoes = Equals("categories", "Shoes")
    hits = await shop.diverse(vector(1), diversity=1, where=shoes, limit=2, exact=True)
    assert [hit.payload["number"] for hit in hits] == [3, 5]


async def test_fewer_candidates_than_hits_asked_for_do_not_shorten_the_answer(shop: VectorStore) -> None:
    assert len(await shop.diverse(vector(1), candidates=2, limit=5)) == 5


async def test_euclidean_recommendations_and_diverse_hits_have_the_same_scores_as_searches(
    generations: Generations,
) -> None:
    store = await build(generations, Identity("test.raw.1", 8, "euclid"))
    await store.upsert([point(n, vector(1 + n)) for n in range(4)])
    scores = {hit.payload["number"]: hit.score for hit in await store.query(vector(1), limit=4)}
    distances = {hit.payload["number"]: hit.distance for hit in await store.query(vector(1), limit=4)}
    for hits in (
        await store.recommend([vector(1)], limit=4),
        await store.diverse(vector(1), diversity=0, limit=4),
    ):
        assert [hit.payload["number"] for hit in hits] == [0, 1, 2, 3]
        for hit in hits:
            assert hit.score == pytest.approx(scores[hit.payload["number"]], abs=1e-5)
            assert hit.distance == pytest.approx(distances[hit.payload["number"]], abs=1e-5)


async def test_examples_and_diversity_that_mean_nothing_are_refused(shop: VectorStore) -> None:
    for positive, negative in (
        ([], []),
        ([], [vector(1)]),
        ([vector()], []),
        ([vector(1)], [vector(1, dim=7)]),
    ):
        with pytest.raises(InvalidQuery):
            await shop.recommend(positive, negative)
    for diversity, candidates in ((-0.1, 10), (1.1, 10), (float("nan"), 10), (0.5, 0), (0.5, 10**6)):
        with pytest.raises(InvalidQuery):
            await shop.diverse(vector(1), diversity=diversity, candidates=candidates)


async def test_a_settled_store_finds_what_it_found_before(store: VectorStore) -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(300, 8)).astype(np.float32)
    await store.upsert([point(n, row) for n, row in enumerate(rows)])
    before = [hit.id for hit in await store.query(rows[7], limit=5, exact=True)]
    await store.settle()
    await store.settle()
    assert [hit.id for hit in await store.query(rows[7], limit=5, exact=True)] == before


async def test_exact_search_agrees_with_arithmetic(store: VectorStore) -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(200, 8)).astype(np.float32)
    await store.upsert([point(n, row) for n, row in enumerate(rows)])
    asked = rng.normal(size=8).astype(np.float32)
    cosines = rows @ asked / np.linalg.norm(rows, axis=1) / np.linalg.norm(asked)
    hits = await store.query(asked, limit=10, exact=True)
    assert [hit.payload["number"] for hit in hits] == np.argsort(-cosines)[:10].tolist()


async def test_euclidean_generations_rank_by_distance_and_score_between_0_and_1(
    generations: Generations,
) -> None:
    store = await build(generations, Identity("test.raw.1", 8, "euclid"))
    await store.upsert([point(n, vector(1 + n)) for n in range(4)])
    hits = await store.query(vector(1), limit=4)
    assert [hit.distance for hit in hits] == pytest.approx([0, 1, 2, 3], abs=1e-5)
    assert [hit.score for hit in hits] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4], abs=1e-5)
    near = await store.query(vector(1), limit=4, min_score=0.4)
    assert [hit.payload["number"] for hit in near] == [0, 1]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Equals("categories", "Apparel"), [0, 1, 2]),
        (Equals("categories", "Apparel/Shirts"), [0, 1]),
        (Equals("categories", "apparel"), []),
        (Equals("attributes.colour", "red"), [0, 2, 4]),
        (Equals("attributes.price", 3), [2]),
        (Equals("attributes.price", 4.5), [3]),
        (Equals("attributes.new", True), [0, 1]),
        (Equals("attributes.new", False), [2, 3, 4, 5]),
        (Equals("position", 0), [0, 2, 4]),
        (OneOf("attributes.colour", ("blue", "green")), [1, 3, 5]),
        (OneOf("attributes.price", (0, 1.5, 100)), [0, 1]),
        (Range("attributes.price", gte=1.5, lt=6), [1, 2, 3]),
        (Range("attributes.price", gt=1.5, lte=6), [2, 3, 4]),
        (Exists("attributes.brand"), [5]),
        (Not(Exists("attributes.brand")), [0, 1, 2, 3, 4]),
        (Not(Equals("attributes.colour", "red")), [1, 3, 5]),
        (AllOf((Equals("attributes.colour", "red"), Equals("categories", "Shoes"))), [4]),
        (AnyOf((Equals("attributes.colour", "red"), Equals("categories", "Shoes"))), [0, 2, 3, 4, 5]),
        (Not(AnyOf((Equals("attributes.colour", "red"), Equals("categories", "Shoes")))), [1]),
        (Equals("attributes.nobody", "x"), []),
        (None, [0, 1, 2, 3, 4, 5]),
    ],
)
async def test_filters_mean_the_same_for_reading_searching_and_counting(
    shop: VectorStore, where: Filter | None, expected: list[int]
) -> None:
    assert await numbers_where(shop, where) == expected
    hits = await shop.query(vector(1, 1), where=where, limit=10)
    assert sorted(hit.payload["number"] for hit in hits) == expected
    assert await shop.count(where) == len(expected)


async def test_names_that_are_no_plain_words_can_be_indexed_and_asked(store: VectorStore) -> None:
    await store.ensure_index('attributes."preço até"', "number")
    await store.upsert([point(n, vector(1), attributes={"preço até": n}) for n in range(3)])
    assert await numbers_where(store, Range('attributes."preço até"', gte=1)) == [1, 2]


async def test_scrolling_visits_everything_once(shop: VectorStore) -> None:
    seen: list[int] = []
    cursor = None
    for _ in range(3):
        page = await shop.scroll(limit=2, cursor=cursor)
        assert len(page.points) == 2
        seen += [found.payload["number"] for found in page.points]
        cursor = page.cursor
    assert sorted(seen) == [0, 1, 2, 3, 4, 5]
    assert cursor is None


async def test_facets_count_values_among_what_matches(shop: VectorStore) -> None:
    assert await shop.facet("categories") == {
        "Apparel": 3,
        "Apparel/Shirts": 2,
        "Apparel/Skirts": 1,
        "Shoes": 3,
    }
    assert await shop.facet("attributes.colour", where=Equals("categories", "Apparel")) == {
        "red": 2,
        "blue": 1,
    }


async def test_indexes_are_known_by_field_and_kind_and_may_be_asked_for_twice(shop: VectorStore) -> None:
    await shop.ensure_index("attributes.colour", "keyword")
    indexes = await shop.indexes()
    assert indexes["categories"] == "keyword"
    assert indexes["attributes.colour"] == "keyword"
    assert indexes["attributes.price"] == "number"
    assert indexes["attributes.new"] == "bool"


@pytest.mark.parametrize(
    "wrong",
    [vector(), vector(1, dim=7), vector(float("nan")), vector(float("inf")), vector(1).reshape(2, 4)],
    ids=["zeros", "short", "nan", "infinite", "matrix"],
)
async def test_vectors_no_engine_should_see_are_refused(shop: VectorStore, wrong: np.ndarray) -> None:
    with pytest.raises(InvalidQuery):
        await shop.query(wrong)
    with pytest.raises(InvalidQuery):
        await shop.upsert([point(7, vector(1)), point(8, wrong)])
    assert await shop.count() == 6


async def test_payloads_no_engine_should_see_are_refused(store: VectorStore) -> None:
    deep: dict[str, object] = {}
    for _ in range(17):
        deep = {"deeper": deep}
    for payload in (deep, {"n": float("nan")}, {"n": 2**64}, {"o": object()}, {1: "key"}):
        with pytest.raises(InvalidQuery):
            await store.upsert([Point(point_id(1), payload, vector(1))])  # type: ignore[arg-type]
        with pytest.raises(InvalidQuery):
            await store.overwrite_payload(point_id(1), payload)  # type: ignore[arg-type]
        with pytest.raises(InvalidQuery):
            await store.set_payload([point_id(1)], payload)  # type: ignore[arg-type]
    assert await store.count() == 0


async def test_filters_too_deep_and_limits_too_large_are_refused(shop: VectorStore) -> None:
    where: Filter = Equals("number", 1)
    for _ in range(16):
        where = Not(where)
    with pytest.raises(InvalidQuery):
        await shop.count(where)
    with pytest.raises(InvalidQuery):
        await shop.delete_where(where)
    assert await shop.count() == 6
    for limit, offset in ((0, 0), (-1, 0), (10**12, 0), (1, -1), (1, 10**12)):
        with pytest.raises(InvalidQuery):
            await shop.query(vector(1), limit=limit, offset=offset)


async def test_ids_that_are_no_uuids_are_refused(shop: VectorStore) -> None:
    for wrong in ("", "1; drop", True, 7):
        with pytest.raises(InvalidQuery):
            await shop.retrieve([wrong])  # type: ignore[list-item]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 2**53 + 1, 10**400], ids=str)
async def test_numbers_no_payload_can_hold_are_refused_before_they_kill_an_engine(
    shop: VectorStore, number: float
) -> None:
    field = "attributes.price"
    for where in (
        Equals(field, number),
        OneOf(field, (1, number)),
        Range(field, gte=number),
        Range(field, lt=number),
    ):
        for refused in (where, Not(where), AllOf((AnyOf((where,)),))):
            with pytest.raises(InvalidQuery):
                await shop.count(refused)
            with pytest.raises(InvalidQuery):
                await shop.query(vector(1), where=refused)
    assert await shop.count() == 6
