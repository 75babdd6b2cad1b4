import pytest

from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.labels import labels_of
from tests.service.catalog.quality.shop import good

SHIRT = good("1", "Apparel/Top/Shirts", year=2020, sizes=["L", "S"], season="")
SKIRT = good("2", "Apparel/Skirts", year=2020.0, sizes=["S", "L", "S"], new=False)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("category", ["Apparel/Top/Shirts", "Apparel/Skirts"]),
        ("category:leaf", ["Shirts", "Skirts"]),
        ("category:1", ["Apparel", "Apparel"]),
        ("category:2", ["Apparel/Top", "Apparel/Skirts"]),
        ("category:9", ["Apparel/Top/Shirts", "Apparel/Skirts"]),
        ("year", [2020, 2020]),
        ("sizes", [("L", "S"), ("L", "S")]),
    ],
)
def test_a_label_is_a_category_or_an_attribute(name: str, labels: list[object]) -> None:
    assert labels_of([SHIRT, SKIRT], [name]) == [(label,) for label in labels]


def test_several_are_one_label_that_is_lacking_where_one_of_them_is() -> None:
    assert labels_of([SHIRT, SKIRT], ["new", "colour"]) == [None, (False, "red")]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("color", "Did you mean 'colour'"), ("season", "'season'"), ("xyz", "There are cat")],
)
def test_a_label_that_nobody_has_is_told(name: str, sentence: str) -> None:
    with pytest.raises(Unmeasurable, match=sentence):
        labels_of([SHIRT, SKIRT], ["category", name])
