import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources.options import column_map


def test_a_field_is_mapped_to_a_column() -> None:
    said = ["id=SKU", "image = Photo = front", "price:number=Price (EUR)"]
    assert column_map(said) == {"id": "SKU", "image": "Photo = front", "price:number": "Price (EUR)"}


def test_images_and_category_may_come_from_several_columns() -> None:
    said = ["images=front", "image=back", "category=Department,Type"]
    assert column_map(said) == {"image": "front,back", "category": "Department,Type"}


@pytest.mark.parametrize("said", ["id", "=SKU", "id=", "", "  =  "])
def test_what_maps_nothing_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(InvalidSource, match="FIELD=COLUMN, for instance"):
        column_map([said])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (["id=a", "id=b"], "mapped twice, to 'a' and to 'b'"),
        (["price:money=Price"], "'money' in 'price:money' is no kind.*text, number, bool, list"),
        (["id:number=SKU"], "write `id=COLUMN`"),
        ([f"{'n' * 65}=A"], "cannot name an attribute"),
        (["\x1b[31m=A"], "cannot name an attribute"),
    ],
)
def test_what_cannot_be_mapped_is_told(said: list[str], reason: str) -> None:
    with pytest.raises(InvalidSource, match=reason):
        column_map(said)
