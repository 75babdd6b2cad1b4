from service.catalog.calibration.groups import FEWEST, MOST_GROUPS, Group, groups_in
from service.catalog.products import COUNTED_ONCE
from service.store.filters import AllOf, Equals, Not, OneOf


def test_what_is_small_is_measured_with_what_stands_above_it() -> None:
    counts = {"A": 100, "A/1": 50, "A/2": 25, "A/3": 25, "B": 30, "C": 20}
    assert groups_in(counts) == [Group("A/1"), Group("A", ("A/1",)), Group("", ("A/1", "A"))]


def test_a_rest_that_is_too_small_is_no_group() -> None:
    assert groups_in({"A": 100, "A/1": 90, "A/2": 10, "B": 5}) == [Group("A/1")]
    assert groups_in({}) == []


def test_a_rest_that_would_have_to_be_looked_for_among_millions_is_none_either() -> None:
    counts = {"A": 10_000_050, "A/1": 10_000_000, "A/2": 50}
    assert [group.path for group in groups_in(counts)] == ["A/1", "A/2"]
    scattered = {"A": 10_000_100, "A/1": 10_000_000} | {f"A/few {n}": 10 for n in range(10)}
    assert [group.path for group in groups_in(scattered)] == ["A/1"]


def test_however_many_categories_there_are_few_are_groups() -> None:
    counts = {f"category {n}": FEWEST + n for n in range(5_000)}
    groups = groups_in(counts)
    assert len(groups) == MOST_GROUPS + 1
    assert groups[-1].path == ""
    assert len(groups[-1].without) == MOST_GROUPS


def test_each_group_asks_for_its_own_products_once() -> None:
    rest = Group("A", ("A/1",)).where()
    assert rest == AllOf((COUNTED_ONCE, Equals("categories", "A"), Not(OneOf("categories", ("A/1",)))))
    assert Group("").where() == COUNTED_ONCE
