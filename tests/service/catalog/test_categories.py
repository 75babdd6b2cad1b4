import difflib
from collections.abc import Sequence

import pytest

from service.catalog import categories
from service.catalog.errors import InvalidProduct


def test_a_path_has_one_spelling() -> None:
    assert categories.normalised(" Apparel / Top  wear/Shirts/ ") == "Apparel/Top wear/Shirts"
    assert categories.normalised("Cal\u0063\u0327ados") == "Cal\u00e7ados"


@pytest.mark.parametrize(
    "wrong", ["", "/", "  ", "a//b", "a/ /b", "a/\x00", "x" * 101, "/".join("abcdefghi")]
)
def test_what_is_no_path_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidProduct):
        categories.normalised(wrong)


def test_ancestors_lead_down_to_the_category_itself() -> None:
    assert categories.ancestors("a/b/c") == ["a", "a/b", "a/b/c"]
    assert categories.ancestors("a") == ["a"]


def test_counts_become_a_tree_in_order() -> None:
    tree = categories.tree({"b": 1, "a/y": 2, "a": 5, "a/x": 3, "a/x/q": 3, "a b": 1})
    assert [(node.path, node.products) for node in tree] == [("a", 5), ("a b", 1), ("b", 1)]
    below = tree[0].children
    assert [(node.name, node.path, node.products) for node in below] == [("x", "a/x", 3), ("y", "a/y", 2)]
    assert [node.path for node in below[0].children] == ["a/x/q"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("apparel/topwear/shirts", "Apparel/Topwear/Shirts"),
        ("Shirt", "Apparel/Topwear/Shirts"),
        ("Footwaer", "Footwear"),
        ("Apparel/Shirts", "Apparel/Topwear/Shirts"),
    ],
)
def test_a_slip_of_the_pen_finds_the_name_that_was_meant(wanted: str, expected: str) -> None:
    known = {"Apparel": 3, "Apparel/Topwear": 2, "Apparel/Topwear/Shirts": 1, "Footwear": 4}
    assert expected in categories.suggestions(wanted, known)


def test_what_resembles_nothing_suggests_nothing() -> None:
    assert categories.suggestions("zzzzqqqq", {"Apparel": 1}) == []


def test_of_very_many_categories_few_are_compared_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        f"{top}/{middle}/Kind {number}": 1 for top in "abcd" for middle in "efghi" for number in range(500)
    }
    known |= {"Apparel/Topwear/Shirts": 1}
    closely, compared = difflib.get_close_matches, list[int]()

    def counting(word: str, possibilities: Sequence[str], n: int, cutoff: float) -> list[str]:
        compared.append(len(possibilities))
        return closely(word, possibilities, n, cutoff)

    monkeypatch.setattr(difflib, "get_close_matches", counting)
    assert categories.suggestions("Aparel/Topwear/Shirt", known)[0] == "Apparel/Topwear/Shirts"
    assert categories.suggestions("Shirst", known) == ["Apparel/Topwear/Shirts"]
    assert categories.suggestions("b/f/Kind 1234", known)
    assert max(compared) <= 100
