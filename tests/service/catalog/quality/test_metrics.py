from itertools import permutations

import numpy as np
import pytest

from service.catalog.quality.metrics import chance, scores


def scored(*relevant: bool, found: int, total: int) -> list[float]:
    return list(scores(np.array([relevant]), np.array([found]), np.array([total]))[0])


def test_an_answer_is_scored_as_by_hand() -> None:
    precision, recall, first, average = scored(True, False, True, False, found=4, total=3)
    assert (precision, recall, first) == (1 / 2, 2 / 3, 1)
    assert average == pytest.approx((1 / 1 + 2 / 3) / 3)


def test_what_comes_later_counts_less() -> None:
    assert scored(False, False, True, found=3, total=1) == pytest.approx([1 / 3, 1, 0, 1 / 3])
    assert scored(False, False, False, found=3, total=9) == [0, 0, 0, 0]


def test_a_perfect_answer_is_one_however_much_more_there_is() -> None:
    assert scored(True, True, True, found=3, total=50) == pytest.approx([1, 3 / 50, 1, 1])


def test_precision_is_of_what_a_small_category_has_to_show() -> None:
    assert scored(True, False, False, False, found=2, total=1) == pytest.approx([1 / 2, 1, 1, 1])


@pytest.mark.parametrize(("others", "total"), [(5, 1), (5, 2), (5, 5), (2, 1), (1, 1), (3, 2)])
def test_chance_is_the_mean_over_every_order(others: int, total: int) -> None:
    asked_for = 3
    answers = np.zeros((0, asked_for), np.bool_)
    for order in permutations(range(others)):
        row = [place < total for place in order][:asked_for]
        answers = np.vstack([answers, [*row, *[False] * (asked_for - len(row))]])
    found = np.full(len(answers), min(others, asked_for))
    every = scores(answers, found, np.full(len(answers), total))
    by_formula = chance(np.array([total]), np.array([others]), asked_for)[0]
    np.testing.assert_allclose(by_formula, every.mean(axis=0), atol=1e-12)
