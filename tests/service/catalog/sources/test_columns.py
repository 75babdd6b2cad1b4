"""Which column is what: said, guessed, and missing."""

from pathlib import Path

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources.options import SourceOptions, column_map
from service.catalog.sources.table import TableSource
from tests.service.catalog.sources.reading import WEB, records, write


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("id,category,image", ("id", "category", "image")),
        ("Product ID;Category Path;Image URL", ("Product ID", "Category Path", "Image URL")),
        ("sku,product_type,image_link", ("sku", "product_type", "image_link")),
        ("Handle\tType\tImage Src", ("Handle", "Type", "Image Src")),
        ("image,sku,product_id,category", ("product_id", "category", "image")),
    ],
)
def test_usual_names_are_guessed(tmp_path: Path, header: str, found: tuple[str, str, str]) -> None:
    words = TableSource(write(tmp_path / "shop.csv", header)).mapping()
    assert (words["id"], words["category"], words["images"]) == tuple(f"column {name}" for name in found)


def test_the_guess_is_told_in_words(tmp_path: Path) -> None:
    header = "id,name,category,subcategory,image_1,image_2,colour,description,product_url"
    assert TableSource(write(tmp_path / "shop.csv", header)).mapping() == {
        "id": "column id",
        "category": "columns category / subcategory",
        "title": "column name",
        "images": "columns image_1, image_2",
        "attribute colour": "column colour",
        "left out": "columns description, product_url",
    }


def test_what_is_said_goes_before_what_is_guessed(tmp_path: Path) -> None:
    table = write(
        tmp_path / "shop.csv", "id,code,category,a,b,image,price", f"1,X-1,no,Shoes,Boots,{WEB}1.jpg,5"
    )
    options = SourceOptions(columns=column_map(["id=code", "price:number=price"]), category_from=("a", "b"))
    source = TableSource(table, options)
    assert source.mapping()["attribute price"] == "column price, as number"
    assert source.mapping()["left out"] == "columns id, category"
    (record,) = records(source)
    assert (record.product.id, record.product.category) == ("X-1", "Shoes/Boots")
    assert record.product.attributes == {"price": 5}


def test_a_missing_column_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    table = write(tmp_path / "shop.csv", "id,picture,aisle")
    with pytest.raises(InvalidSource, match=r"like the category.*'id', 'picture', 'aisle'.*--map category="):
        TableSource(table)


def test_a_column_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    table = write(tmp_path / "shop.csv", "id,Department,image")
    options = SourceOptions(columns={"category": "Departement"})
    with pytest.raises(InvalidSource, match=r"no column 'Departement'\. Nearest: 'Department'"):
        TableSource(table, options)


def test_a_column_whose_name_has_commas_can_be_named(tmp_path: Path) -> None:
    table = write(tmp_path / "shop.csv", 'id,"Type, main",image', f"1,Shoes,{WEB}1.jpg")
    for options in (
        SourceOptions(columns={"category": "Type, main"}),
        SourceOptions(category_from=("Type, main",)),
    ):
        (record,) = records(TableSource(table, options))
        assert record.product.category == "Shoes"


def test_the_row_numbers_that_pandas_writes_are_no_attribute(tmp_path: Path) -> None:
    for header in (",id,category,image", "Unnamed: 0,id,category,image"):
        words = TableSource(write(tmp_path / "shop.csv", header)).mapping()
        assert not any(field.startswith("attribute") for field in words)


def test_two_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    table = write(tmp_path / "shop.csv", "id,category,image,image", f"1,Shoes,{WEB}1.jpg,{WEB}2.jpg")
    assert TableSource(table).mapping()["images"] == "columns image, image 2"


def test_a_catalogue_of_hundreds_of_columns_keeps_as_many_attributes_as_there_may_be(tmp_path: Path) -> None:
    header = ",".join(["id", "category", "image", *(f"c{n}" for n in range(300))])
    words = TableSource(write(tmp_path / "shop.csv", header)).mapping()
    assert sum(field.startswith("attribute ") for field in words) == 64


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02", b"\xff\xfei\x00d\x00", b"\xe9,\xe8\n"])
def test_a_table_without_a_header_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shop.csv").write_bytes(content)
    with pytest.raises(InvalidSource):
        TableSource(tmp_path / "shop.csv")
