import numpy as np
import pytest

from service.catalog.diversity import diverse_order, relevance
from service.store.base import Distance

RIGHT, NEARLY_RIGHT, UP, LEFT = (
    np.array(vector, dtype=np.float32) for vector in ([1, 0], [0.99, 0.1], [0.3, 1], [-1, 0.1])
)
VECTORS = np.stack([RIGHT, NEARLY_RIGHT, UP, LEFT])


@pytest.mark.parametrize("metric", ["cosine", "euclid"])
def test_without_diversity_the_order_is_that_of_likeness(metric: Distance) -> None:
    relevant = relevance(VECTORS, [RIGHT], [], metric)
    assert diverse_order(VECTORS, relevant, 0, metric) == [0, 1, 2, 3]


@pytest.mark.parametrize("metric", ["cosine", "euclid"])
def test_with_it_what_is_nearly_the_same_comes_later(metric: Distance) -> None:
    asked, first, twin, other = np.array([[1, 1, 0], [1, 0.9, 0], [1, 0.88, 0], [0.9, 1.1, 0.6]], np.float32)
    vectors = np.stack([first, twin, other])
    relevant = relevance(vectors, [asked], [], metric)
    assert diverse_order(vectors, relevant, 0, metric) == [0, 1, 2]
    assert diverse_order(vectors, relevant, 0.5, metric) == [0, 2, 1]


def test_what_is_nearer_to_a_disliked_one_stays_behind() -> None:
    relevant = relevance(VECTORS, [RIGHT], [UP], "cosine")
    assert diverse_order(VECTORS, relevant, 0.6, "cosine")[-2:] == [3, 2]


def test_every_product_has_its_place_once() -> None:
    vectors = np.random.default_rng(3).normal(size=(50, 8)).astype(np.float32)
    order = diverse_order(vectors, relevance(vectors, [vectors[7]], [], "cosine"), 0.5, "cosine")
    assert order[0] == 7
    assert sorted(order) == list(range(50))
