from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.figures import Target, in_turn, middle, spread

CASES = {"one": {"small": 1, "large": 2}, "two": {"small": 1}, "three": {"small": 1, "large": 2, "own": 3}}


def test_the_middle_of_rounds_is_their_median_and_not_their_mean() -> None:
    assert middle([1.0, 100.0, 2.0]) == 2.0
    assert middle([1.0, 2.0]) == 1.5
    assert middle([]) is None


def test_the_spread_is_half_the_range_over_the_median() -> None:
    assert spread([9.0, 10.0, 13.0]) == pytest.approx(0.2)
    assert spread([7.0]) == 0.0
    assert spread([]) is None
    assert spread([0.0, 0.0]) is None


@pytest.mark.parametrize(
    ("figure", "at_most", "verdict"),
    [
        (8.0, False, "met"),
        (7.9999, False, "missed"),
        (8.0001, False, "met"),
        (8.0, True, "met"),
        (7.9999, True, "met"),
        (8.0001, True, "missed"),
        (float("nan"), False, "missed"),
        (float("nan"), True, "missed"),
        (None, False, "not measured"),
    ],
)
def test_a_target_is_met_from_its_bound_on(figure: float | None, at_most: bool, verdict: str) -> None:
    target = Target("rate", 8, figure, at_most=at_most)
    assert target.verdict == verdict
    assert target.failed == (verdict != "met")


def test_a_target_that_does_not_apply_cannot_fail() -> None:
    target = Target("rate", 8, 1.0, idle="no AMX")
    assert target.verdict == "not applicable here: no AMX"
    assert not target.failed


def test_in_a_round_everyone_is_measured_once_in_each_case() -> None:
    found = Counter((contender, name) for contender, (name, _) in in_turn(CASES, 3))
    assert found == Counter((contender, name) for contender, cases in CASES.items() for name in cases)


def test_those_compared_are_measured_one_after_the_other() -> None:
    names = [name for _, (name, _) in in_turn(CASES, 0)]
    assert sum(a != b for a, b in pairwise(names)) == len(set(names)) - 1


def test_each_round_starts_with_another_contender() -> None:
    firsts = [in_turn(CASES, number)[0][0] for number in range(4)]
    assert firsts == ["one", "two", "three", "one"]
    nobody: dict[str, dict[str, int]] = {}
    assert in_turn(nobody, 1) == []
