from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.catalog.quality import intervals
from service.catalog.quality.intervals import by_chance, exactly, interval


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_an_interval_lies_around_its_mean(values: list[float]) -> None:
    found = interval(np.array(values))
    assert found.value == pytest.approx(np.mean(values))
    assert min(values) - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= max(values) + 1e-9
    assert interval(np.array(values)) == found


def test_it_is_what_drawing_the_questions_again_gives() -> None:
    values = np.random.default_rng(4).beta(2, 3, 150)
    draw = np.random.default_rng(5)
    means = [draw.choice(values, len(values)).mean() for _ in range(4_000)]
    found = interval(values)
    assert [found.low, found.high] == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.005)


def test_it_narrows_with_the_root_of_how_many_asked() -> None:
    few, many = (interval(np.tile([0.0, 1.0], times)) for times in (50, 5_000))
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10, rel=0.15)


def test_it_holds_the_truth_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(6)
    found = [interval(draw.binomial(10, 0.3, 120) / 10) for _ in range(200)]
    assert sum(one.low <= 0.3 <= one.high for one in found) / 200 == pytest.approx(0.95, abs=0.04)


def test_what_is_computed_has_no_width() -> None:
    found = exactly(np.array([0.0, 1.0]))
    assert found.low == found.value == found.high == 0.5


def test_a_difference_that_is_none_may_well_be_chance() -> None:
    assert by_chance(np.zeros(40)) == 1
    assert by_chance(np.array([0.1, -0.1] * 20)) == 1


def test_a_difference_on_every_question_is_no_chance() -> None:
    assert by_chance(np.full(40, 0.1)) < 0.001
    assert by_chance(np.full(40, -0.1)) < 0.001


def test_it_is_the_share_of_all_ways_to_swap_the_answers() -> None:
    differences = np.array([0.3, 0.1, -0.2, 0.4, 0.1, 0.3, -0.1, 0.2])
    sums = [abs(np.dot(signs, differences)) for signs in product((1, -1), repeat=len(differences))]
    exact = np.mean([one >= abs(differences.sum()) - 1e-9 for one in sums])
    assert by_chance(differences) == pytest.approx(exact, abs=0.015)


@pytest.mark.parametrize("worth_it", [0, 10**9])
def test_scores_and_questions_are_drawn_alike(monkeypatch: pytest.MonkeyPatch, worth_it: int) -> None:
    draw = np.random.default_rng(8)
    values, differences = draw.integers(0, 11, 500) / 10, draw.integers(-3, 4, 60) / 10
    usual, chance = interval(values), by_chance(differences)
    monkeypatch.setattr(intervals, "_WORTH_IT", worth_it)
    other = interval(values)
    assert [other.low, other.high] == pytest.approx([usual.low, usual.high], abs=0.003)
    assert by_chance(differences) == pytest.approx(chance, abs=0.02)


def test_it_is_the_same_in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(7).random(100)
    whole = interval(values)
    monkeypatch.setattr(intervals, "_AT_ONCE", 1_000)
    assert interval(values) == whole
