"""Labels in file names, with and without a table that says what they stand for."""

from pathlib import Path

from service.catalog.sources.names import NamesSource
from tests.service.catalog.sources.reading import records, rejects, touch, write

HEADER = "brand_name,brand_label,product_name,product_label,file"


def test_labels_are_read_from_the_file_name(tmp_path: Path) -> None:
    image = touch(tmp_path / "0_1_001.png")
    (record,) = records(NamesSource(tmp_path))
    assert record.product.id == "0_1_001.png"
    assert record.product.category == "1"
    assert record.product.attributes == {"brand": "0"}
    assert record.images == (image,)


def test_a_table_gives_labels_their_names(tmp_path: Path) -> None:
    for name in ("0_1_001.png", "0_1_002.png", "6_2_001.png"):
        touch(tmp_path / "style" / name)
    write(
        tmp_path / "style.csv",
        HEADER,
        "Christian Louboutin,0,shoes,1,0_1_001.png",
        "Christian Louboutin,0,shoes,1,0_1_002.png",
    )
    found = {record.product.id: record.product for record in records(NamesSource(tmp_path))}
    assert found["0_1_002.png"].category == "shoes"
    assert found["0_1_002.png"].title == "Christian Louboutin shoes"
    assert found["0_1_002.png"].attributes == {"brand": "Christian Louboutin"}
    assert found["6_2_001.png"].category == "2"
    assert "style.csv" in NamesSource(tmp_path).mapping()["category"]


def test_other_names_and_broken_lines_are_told(tmp_path: Path) -> None:
    for name in ("0_1_001.png", "0_1.png", "cover.jpg", ".hidden_1_1.png", "notes.txt"):
        touch(tmp_path / name)
    write(tmp_path / "style.csv", HEADER, "Nike,0")
    source = NamesSource(tmp_path, images=tmp_path)
    assert rejects(source).keys() == {"style.csv line 2", "0_1.png", "cover.jpg"}
    assert len(records(source)) == 1
    assert source.count() == 3


def test_a_name_with_slashes_makes_no_level(tmp_path: Path) -> None:
    touch(tmp_path / "0_1_001.png")
    write(tmp_path / "style.csv", HEADER, "Nike,0,shoes/boots,1,0_1_001.png")
    (record,) = records(NamesSource(tmp_path))
    assert record.product.category == "shoes-boots"
