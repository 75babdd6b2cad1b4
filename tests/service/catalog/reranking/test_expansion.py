from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from service.catalog.reranking.crowd import Crowd, Numbers
from service.catalog.reranking.expansion import database_augmentation, query_expansion
from service.store.base import Distance
from service.store.scores import likenesses

METRICS = pytest.mark.parametrize("metric", ["cosine", "euclid"])
NEIGHBOURS = 3


def compared(vectors: NDArray[np.float32], metric: Distance) -> NDArray[np.float32]:
    return (
        np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
        if metric == "cosine"
        else vectors
    )


def drawn(one: NDArray[np.float32], others: NDArray[np.float32], metric: Distance) -> NDArray[np.float32]:
    """The nearest weighs as much as itself, the next two thirds of that and the third a third."""
    nearest = np.argsort(-likenesses(one[None], others, metric)[0])[:NEIGHBOURS]
    first, second, third = others[nearest]
    return np.asarray((3 * one + 3 * first + 2 * second + third) / 9)


def towards(degrees: float) -> NDArray[np.float32]:
    return np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))], dtype=np.float32)


@METRICS
def test_the_query_is_drawn_towards_what_was_found_first(metric: Distance) -> None:
    vectors = np.random.default_rng(1).normal(size=(30, 5)).astype(np.float32) + 1
    queries, candidates = compared(vectors[:2], metric), compared(vectors[2:], metric)
    expanded = np.stack([drawn(query, candidates, metric) for query in queries])
    expected = likenesses(expanded, candidates, metric).max(axis=0)
    found = query_expansion(Crowd.of(list(vectors[:2]), vectors[2:], metric), NEIGHBOURS, 1.0)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@METRICS
def test_each_candidate_is_drawn_towards_those_most_like_it(metric: Distance) -> None:
    vectors = np.random.default_rng(2).normal(size=(30, 5)).astype(np.float32) + 1
    queries, candidates = compared(vectors[:2], metric), compared(vectors[2:], metric)
    augmented = np.stack(
        [drawn(one, np.delete(candidates, place, axis=0), metric) for place, one in enumerate(candidates)]
    )
    expected = likenesses(queries, augmented, metric).max(axis=0)
    found = database_augmentation(Crowd.of(list(vectors[:2]), vectors[2:], metric), NEIGHBOURS, 1.0)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@METRICS
@pytest.mark.parametrize("method", [query_expansion, database_augmentation])
def test_a_chance_likeness_comes_after_those_that_are_like_each_other_too(
    method: Callable[[Crowd, int], Numbers], metric: Distance
) -> None:
    query, alone = towards(0), towards(40)
    family, strangers = (
        [towards(angle) for angle in (-44, -45, -46, -47)],
        [towards(90 + n) for n in range(4)],
    )
    crowd = Crowd.of([query], np.stack([alone, *family, *strangers]), metric)
    assert crowd.likenesses()[0, 1:].argmax() == 0
    assert set(np.argsort(-method(crowd, 4))[:4]) == {1, 2, 3, 4}
