import numpy as np
import pytest

from service.catalog.agreement import Map, agreement, cosine


def drawn(seed: int, rows: int = 7, columns: int = 7) -> Map:
    return np.random.default_rng(seed).gamma(0.5, 2, (rows, columns, 64)).astype(np.float32)


def mean(regions: Map) -> Map:
    return np.asarray(regions.mean(axis=(0, 1)))


def test_each_grid_adds_up_to_the_cosine_of_the_vectors() -> None:
    one, other = drawn(1), drawn(2)
    found = agreement(one, other)
    likeness = cosine(mean(one), mean(other))
    assert 0.5 < likeness < 0.99
    assert found.query.sum() == pytest.approx(likeness, abs=1e-6)
    assert found.match.sum() == pytest.approx(likeness, abs=1e-6)


def test_a_region_adds_what_is_lost_without_it() -> None:
    one, other = drawn(1), drawn(2)
    found = agreement(one, other)
    without = one.copy()
    without[2, 5] = 0
    lengths = float(np.linalg.norm(mean(one)) * np.linalg.norm(mean(other)))
    lost = float((mean(one) - mean(without)) @ mean(other)) / lengths
    assert found.query[2, 5] == pytest.approx(lost, rel=1e-4)


def test_the_same_seen_from_the_other_side_is_the_same_turned_round() -> None:
    there, back = agreement(drawn(1), drawn(2)), agreement(drawn(2), drawn(1))
    np.testing.assert_allclose(there.query, back.match)
    assert [(pair.query, pair.match) for pair in there.pairs] == [
        (pair.match, pair.query) for pair in back.pairs
    ]


def test_what_agrees_is_paired_wherever_it_stands() -> None:
    one, other = np.zeros((7, 7, 8), np.float32), np.zeros((7, 7, 8), np.float32)
    for thing, (here, there) in enumerate([((0, 1), (6, 5)), ((3, 3), (0, 0)), ((6, 6), (2, 4))]):
        one[here][thing] = other[there][thing] = 3 - thing
    found = agreement(one, other)
    assert [(pair.query, pair.match) for pair in found.pairs] == [
        ((0, 1), (6, 5)),
        ((3, 3), (0, 0)),
        ((6, 6), (2, 4)),
    ]
    assert sum(pair.adds for pair in found.pairs) == pytest.approx(1)


def test_no_region_is_in_two_pairs() -> None:
    pairs = agreement(drawn(1), drawn(2, rows=5, columns=3)).pairs
    assert len(pairs) == 5
    assert len({pair.query for pair in pairs}) == len({pair.match for pair in pairs}) == 5
    assert [pair.adds for pair in pairs] == sorted((pair.adds for pair in pairs), reverse=True)


def test_a_picture_in_which_nothing_is_seen_agrees_with_none() -> None:
    nothing = np.zeros((7, 7, 64), np.float32)
    found = agreement(nothing, drawn(1))
    assert not found.query.any()
    assert not found.match.any()
    assert found.pairs == []
    assert cosine(mean(nothing), mean(drawn(1))) == 0
