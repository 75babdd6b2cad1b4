from dataclasses import replace

import pytest

from service.catalog.errors import InvalidProduct
from service.catalog.products import Product, checked, payload_of, point_id, product_in, stored_product
from service.store.base import Point

SHIRT = Product("10023", "Apparel/Shirts", "Navy shirt", {"gender": "Women", "price": 19.9})


@pytest.mark.parametrize(
    "good", ["1", "AB/12", "shoes/red/01.jpg", "Größe 42", "a.b", "x" * 200, "similar", "batch/1"]
)
def test_a_shops_own_ids_are_taken(good: str) -> None:
    assert checked(replace(SHIRT, id=good)).id == good


@pytest.mark.parametrize(
    "bad", ["", " a", "a ", "..", "a/../b", "./a", "/a", "a/", "a//b", "a\x00b", "a\nb", "x" * 201]
)
def test_ids_that_would_not_survive_in_an_address_are_refused(bad: str) -> None:
    with pytest.raises(InvalidProduct):
        checked(replace(SHIRT, id=bad))


@pytest.mark.parametrize("bad", ["batch", "a/similar", "a/b/similar"])
def test_ids_where_operations_stand_are_refused(bad: str) -> None:
    with pytest.raises(InvalidProduct, match="operation"):
        checked(replace(SHIRT, id=bad))


def test_a_title_is_one_line() -> None:
    assert checked(replace(SHIRT, title=" A \n fine\tshirt ")).title == "A fine shirt"


@pytest.mark.parametrize("title", ["x" * 501, "nul\x00", "bell\x07"])
def test_titles_are_short_and_printable(title: str) -> None:
    with pytest.raises(InvalidProduct):
        checked(replace(SHIRT, title=title))


@pytest.mark.parametrize(
    "attributes",
    [
        {"": "x"},
        {" a": "x"},
        {'a"b': "x"},
        {"a\\b": "x"},
        {"x" * 65: "x"},
        {"a": "x" * 1001},
        {"a": float("nan")},
        {"a": 2**53 + 1},
        {"a": ["x"] * 65},
        {"a": "half a character: \ud83d"},
        {"a": ["\udc00"]},
        {"\ud83d": "x"},
        {f"a{n}": "x" for n in range(65)},
    ],
    ids=str,
)
def test_attributes_that_cannot_be_kept_are_refused(attributes: dict[str, str]) -> None:
    with pytest.raises(InvalidProduct):
        checked(replace(SHIRT, attributes=dict(attributes)))


def test_a_point_is_named_by_its_product_and_its_image_alone() -> None:
    assert point_id("1", "aa") == point_id("1", "aa")
    assert len({point_id("1", "aa"), point_id("2", "aa"), point_id("1", "bb")}) == 3


def test_point_ids_never_change() -> None:
    """A catalogue written by an older version is found by them."""
    assert point_id("10023", "ab" * 32) == "a2f648f1-8f93-5e04-8242-ddee44280e0c"


def test_a_product_is_read_back_from_its_payload() -> None:
    payload = payload_of(SHIRT, "aa", 0)
    assert product_in(payload) == SHIRT
    assert payload["categories"] == ["Apparel", "Apparel/Shirts"]


def test_a_stored_product_lists_its_images_in_their_order() -> None:
    points = [Point(str(n), payload_of(SHIRT, f"image{n}", n)) for n in (2, 0, 1)]
    assert stored_product(points).images == ["image0", "image1", "image2"]
