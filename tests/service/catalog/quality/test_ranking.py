import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from service.catalog.quality import ranking
from service.catalog.quality.ranking import NOWHERE, Space, Vectors, nearest
from service.store.base import Distance


def on_a_circle(*degrees: float) -> Vectors:
    turned = np.deg2rad(degrees)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def everywhere(vectors: Vectors) -> NDArray[np.intp]:
    return np.arange(len(vectors))


def found(vectors: Vectors, count: int, groups: list[int] | None = None) -> list[list[int]]:
    places = everywhere(vectors)
    grouped = None if groups is None else np.array(groups)
    answer: list[list[int]] = nearest(Space(vectors), places, places, count, grouped).tolist()
    return answer


def test_the_nearest_come_first_and_nothing_is_its_own_neighbour() -> None:
    assert found(on_a_circle(0, 10, 50, 30), 2) == [[1, 3], [0, 3], [3, 1], [1, 2]]


def test_nothing_outside_the_group_is_found() -> None:
    assert found(on_a_circle(0, 1, 80, 90), 2, [7, 3, 7, 3]) == [
        [2, NOWHERE],
        [3, NOWHERE],
        [0, NOWHERE],
        [1, NOWHERE],
    ]


def test_what_is_alone_in_its_group_finds_nothing() -> None:
    assert found(on_a_circle(0, 1, 2), 1, [0, 1, 0]) == [[2], [NOWHERE], [0]]


def test_of_those_that_are_equally_near_the_first_comes_first() -> None:
    vectors = on_a_circle(0, 90, 20, 20, 20, 20, 0)
    assert found(vectors, 3)[1] == [2, 3, 4]
    assert found(vectors, 3)[4] == [2, 3, 5]


def test_only_the_gallery_is_found() -> None:
    vectors = on_a_circle(0, 1, 2, 3)
    assert nearest(Space(vectors), np.array([0, 2]), np.array([1, 2]), 2).tolist() == [[1, 2], [1, NOWHERE]]
    nothing = nearest(Space(vectors), np.array([0]), np.array([1]), 2, np.array([0, 1, 1, 1]))
    assert nothing.tolist() == [[NOWHERE, NOWHERE]]


def test_a_long_vector_is_far_by_distance_and_near_by_angle() -> None:
    vectors = np.array([[1, 0], [9, 0], [0.8, 0.6]], np.float32)
    places = everywhere(vectors)
    assert nearest(Space(vectors, "euclid"), places, places, 1)[0].tolist() == [2]
    assert nearest(Space(vectors, "cosine"), places, places, 1)[0].tolist() == [1]


@pytest.mark.parametrize("distance", ["cosine", "euclid"])
def test_a_catalogue_searched_piece_by_piece_gives_the_same(
    monkeypatch: pytest.MonkeyPatch, distance: Distance
) -> None:
    vectors = np.random.default_rng(1).standard_normal((50, 8), dtype=np.float32)
    places, groups, told = everywhere(vectors), np.arange(50) % 3, list[int]()
    whole = nearest(Space(vectors, distance), places, places, 4, groups)
    monkeypatch.setattr(ranking, "_AT_ONCE", 40)
    pieces = nearest(Space(vectors, distance), places, places, 4, groups, told.append)
    np.testing.assert_array_equal(whole, pieces)
    assert told[-1] == 50
    assert len(told) > 20


@given(arrays(np.float32, (9, 2), elements=st.integers(-3, 3).map(float)), st.integers(1, 9))
def test_it_is_what_looking_at_everything_finds(vectors: Vectors, count: int) -> None:
    """Small whole numbers: many are equally near, and exactly so."""
    places = everywhere(vectors)
    for asking, answer in enumerate(nearest(Space(vectors, "euclid"), places, places, count).tolist()):
        distances = np.square(vectors - vectors[asking]).sum(axis=1)
        order = [int(place) for place in np.argsort(distances, kind="stable") if place != asking]
        assert [place for place in answer if place != NOWHERE] == order[:count]


def test_another_order_is_asked_of_more_than_are_wanted() -> None:
    """Several pictures that are like each other beat one that is nearer and like nothing else."""
    draw = np.random.default_rng(5)
    crowd = draw.normal((1, 0.3, 0), 0.02, (30, 3))
    vectors = np.concatenate([[[1, 0, 0]], crowd, [[1, 0, 0.28]], draw.normal(0, 1, (30, 3))])
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    asking, gallery = np.array([0]), everywhere(vectors)
    plain = nearest(Space(vectors), asking, gallery, 3)[0].tolist()
    drawn = nearest(Space(vectors, rerank="query_expansion"), asking, gallery, 3)[0].tolist()
    assert 31 in plain
    assert 31 not in drawn
    assert set(drawn) < set(range(1, 31))
