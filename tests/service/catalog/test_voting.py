from hypothesis import given
from hypothesis import strategies as st

from service.catalog.categories import ancestors
from service.catalog.voting import elected

PATHS = st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map("/".join)


def test_the_category_of_most_neighbours_is_elected() -> None:
    vote = elected(["Shoes/Heels"] * 9 + ["Shoes/Flats"] * 6)
    assert (vote.category, vote.share) == ("Shoes/Heels", 9 / 15)


def test_neighbours_that_agree_on_the_upper_level_alone_elect_that() -> None:
    vote = elected(["Shoes/Heels"] * 7 + ["Shoes/Flats"] * 7 + ["Bags"])
    assert (vote.category, vote.share) == ("Shoes", 14 / 15)


def test_a_half_is_no_majority() -> None:
    assert elected(["Shoes", "Bags"]).category is None


def test_nobody_elects_nothing() -> None:
    assert elected([]).category is None


@given(st.lists(PATHS, min_size=1, max_size=20))
def test_what_is_elected_holds_more_than_half_and_nothing_deeper_does(categories: list[str]) -> None:
    vote = elected(categories)
    inside = [path for path in categories if vote.category is None or vote.category in ancestors(path)]
    if vote.category is not None:
        assert vote.share == len(inside) / len(categories) > 0.5
    for child in {path for category in categories for path in ancestors(category)}:
        if vote.category is None or (child.startswith(f"{vote.category}/")):
            assert sum(child in ancestors(path) for path in categories) <= len(categories) / 2
