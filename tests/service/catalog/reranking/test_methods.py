import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from service.catalog.reranking.methods import METHODS, Rerank, reranked
from service.store.base import Distance
from service.store.scores import likenesses

METRICS: tuple[Distance, ...] = ("cosine", "euclid")
# Few values: many vectors are alike, and some are nothing but zeros.
CROWDS = st.integers(1, 24).flatmap(
    lambda size: arrays(np.float32, (size + 2, 3), elements=st.sampled_from([-2, -1, 0, 0.5, 1]))
)


@given(CROWDS, st.sampled_from(METHODS), st.sampled_from(METRICS), st.integers(1, 2))
def test_everybody_has_a_place_once_and_always_the_same(
    vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
    method: Rerank,
    metric: Distance,
    asking: int,
) -> None:
    queries, candidates = list(vectors[:asking]), vectors[2:]
    before = candidates.copy()
    order, scores = reranked(method, queries, candidates, metric)
    assert sorted(order) == list(range(len(candidates)))
    assert np.isfinite(scores).all()
    assert (np.abs(scores) <= 1 + 1e-6).all()
    assert (np.diff(scores[order]) <= 0).all()
    again, _ = reranked(method, queries, candidates, metric)
    assert list(again) == list(order)
    assert (candidates == before).all()


@pytest.mark.parametrize("metric", METRICS)
def test_none_is_the_order_of_likeness(metric: Distance) -> None:
    vectors = np.random.default_rng(3).normal(size=(40, 16)).astype(np.float32)
    order, scores = reranked("none", list(vectors[:2]), vectors[2:], metric)
    expected = likenesses(vectors[:2], vectors[2:], metric).max(axis=0)
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    assert list(order) == list(np.argsort(-expected))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("method", METHODS)
def test_those_who_are_equally_near_stay_as_they_came(method: Rerank, metric: Distance) -> None:
    same = np.ones((30, 4), dtype=np.float32)
    order, _ = reranked(method, [same[0]], same, metric)
    assert list(order) == list(range(30))


@pytest.mark.parametrize("method", METHODS)
def test_under_cosine_a_vector_s_length_says_nothing(method: Rerank) -> None:
    draw = np.random.default_rng(4)
    vectors = draw.normal(size=(60, 16)).astype(np.float32)
    longer = vectors * draw.uniform(0.5, 9, size=(60, 1)).astype(np.float32)
    _, scores = reranked(method, [vectors[0]], vectors[1:], "cosine")
    np.testing.assert_allclose(reranked(method, [longer[0]], longer[1:], "cosine")[1], scores, atol=1e-5)
