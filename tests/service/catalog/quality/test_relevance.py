import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.quality.ranking import NOWHERE
from service.catalog.quality.relevance import UNLABELLED, Pairs, SameLabel, numbered

PLACES = 8
_LABELS = st.lists(st.integers(UNLABELLED, 3), min_size=PLACES, max_size=PLACES)
_GROUPS = st.none() | st.lists(st.integers(0, 2), min_size=PLACES, max_size=PLACES)
_SOME = st.sets(st.integers(0, PLACES - 1))
_PAIRS = st.lists(st.tuples(st.integers(0, PLACES - 1), st.integers(0, PLACES - 1)))


def test_labels_get_numbers_and_what_has_none_stays_without() -> None:
    assert numbered(["a", None, "b", "a"]).tolist() == [0, UNLABELLED, 1, 0]


def test_what_has_no_label_matches_nothing_not_even_its_like() -> None:
    same = SameLabel(numbered([None, None, "a", "a"]))
    found = np.array([[1, 2], [3, NOWHERE]])
    assert same.of(np.array([0, 2]), found).tolist() == [[False, False], [True, False]]
    assert same.totals(np.arange(4), np.arange(4), None).tolist() == [0, 0, 1, 1]


def test_a_pair_holds_both_ways_once_and_of_no_picture_with_itself() -> None:
    pairs = Pairs([(0, 1), (1, 0), (2, 2), (1, 3)], 4)
    assert pairs.totals(np.arange(4), np.arange(4), None).tolist() == [1, 2, 0, 1]
    assert pairs.of(np.array([1, 3]), np.array([[0, 2, 3], [1, NOWHERE, 0]])).tolist() == [
        [True, False, True],
        [True, False, False],
    ]


@given(_LABELS, _GROUPS, _SOME)
def test_as_many_match_by_label_as_can_be_counted(
    labels: list[int], groups: list[int] | None, gallery: set[int]
) -> None:
    same, places = SameLabel(np.array(labels)), np.array(sorted(gallery), np.intp)
    totals = same.totals(np.arange(PLACES), places, None if groups is None else np.array(groups))
    assert totals.tolist() == [
        sum(
            other != one
            and labels[one] == labels[other] != UNLABELLED
            and (groups is None or groups[one] == groups[other])
            for other in gallery
        )
        for one in range(PLACES)
    ]


@given(_PAIRS, _GROUPS, _SOME)
def test_as_many_match_by_pairs_as_can_be_counted(
    pairs: list[tuple[int, int]], groups: list[int] | None, gallery: set[int]
) -> None:
    said, places = Pairs(pairs, PLACES), np.array(sorted(gallery), np.intp)
    totals = said.totals(np.arange(PLACES), places, None if groups is None else np.array(groups))
    assert totals.tolist() == [
        sum(
            other != one
            and ((one, other) in pairs or (other, one) in pairs)
            and (groups is None or groups[one] == groups[other])
            for other in gallery
        )
        for one in range(PLACES)
    ]
