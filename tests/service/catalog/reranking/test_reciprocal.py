import numpy as np
import pytest

from service.catalog.reranking.crowd import Crowd
from service.catalog.reranking.reciprocal import FRIENDS, OWN_SHARE, SPREAD, k_reciprocal
from service.store.base import Distance
from tests.service.catalog.reranking.published import published


@pytest.mark.parametrize("metric", ["cosine", "euclid"])
@pytest.mark.parametrize(
    ("queries", "friends", "spread", "own_share"),
    [(1, FRIENDS, SPREAD, OWN_SHARE), (1, 4, 1, 0.0), (3, 7, 3, 0.5), (2, 60, 6, 0.3)],
)
def test_it_is_what_was_published(
    metric: Distance, queries: int, friends: int, spread: int, own_share: float
) -> None:
    vectors = np.random.default_rng(queries).normal(size=(50, 6)).astype(np.float32)
    crowd = Crowd.of(list(vectors[:queries]), vectors[queries:], metric)
    exact = vectors.astype(np.float64)
    if metric == "cosine":
        exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    expected = published(exact, queries, friends, spread, own_share).min(axis=0)
    np.testing.assert_allclose(1 - k_reciprocal(crowd, friends, spread, own_share), expected, atol=1e-5)


def test_who_has_nearer_friends_of_his_own_comes_after_those_who_choose_the_query_too() -> None:
    query = np.zeros(2, dtype=np.float32)
    lure, its_friends = [1, 0], [[1.2, 0.1 * place] for place in range(-2, 3)]
    chosen = [[1.1 * np.cos(angle), 1.1 * np.sin(angle)] for angle in np.deg2rad([80, 150, 210, 280])]
    candidates = np.array([lure, *chosen, *its_friends], dtype=np.float32)
    crowd = Crowd.of([query], candidates, "euclid")
    assert crowd.likenesses()[0, 1:].argmax() == 0, "by itself the lure is nearest"
    order = np.argsort(-k_reciprocal(crowd, friends=5, spread=1), kind="stable")
    assert sorted(order[:4]) == [1, 2, 3, 4]
    assert order[4] == 0


def test_the_same_picture_is_nearest_of_all_to_itself() -> None:
    candidates = np.random.default_rng(1).normal(size=(60, 8)).astype(np.float32)
    scores = k_reciprocal(Crowd.of([candidates[31]], candidates, "cosine"))
    assert scores.argmax() == 31
    assert scores[31] == pytest.approx(1, abs=1e-6)


def test_of_several_queries_the_nearest_counts() -> None:
    near = np.random.default_rng(2).normal(size=(40, 8)).astype(np.float32)
    both = k_reciprocal(Crowd.of([near[3], near[21]], near, "cosine"))
    assert set(np.argsort(-both)[:2]) == {3, 21}
