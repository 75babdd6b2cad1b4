"""CSV tables with what people's exports have in them."""

import tracemalloc
from pathlib import Path

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.products import MAX_IMAGES
from service.catalog.sources.base import Url
from service.catalog.sources.csv_rows import CsvRows
from service.catalog.sources.options import SourceOptions, column_map
from service.catalog.sources.table import TableSource
from tests.service.catalog.sources.reading import WEB, records, rejects, touch, write

HEADER = "id,title,category,image,colour"


def table(
    folder: Path, *rows: str, header: str = HEADER, options: SourceOptions | None = None
) -> TableSource:
    return TableSource(write(folder / "shop.csv", header, *rows), options)


def test_a_row_becomes_a_product(tmp_path: Path) -> None:
    touch(tmp_path / "pictures/1.jpg")
    (record,) = records(table(tmp_path, "A-1, Red shoe ,Shoes > Heels,pictures/1.jpg,Red"))
    assert (record.product.id, record.product.title, record.product.category) == (
        "A-1",
        "Red shoe",
        "Shoes/Heels",
    )
    assert record.product.attributes == {"colour": "Red"}
    assert record.images == (tmp_path / "pictures/1.jpg",)
    assert record.where == "shop.csv line 2"


def test_an_image_may_lie_elsewhere(tmp_path: Path) -> None:
    (record,) = records(table(tmp_path, f"1,Shoe,Shoes,{WEB}a.jpg?size=2,"))
    assert record.images == (Url(f"{WEB}a.jpg?size=2"),)
    assert record.product.attributes == {}


def test_several_columns_are_several_images(tmp_path: Path) -> None:
    source = table(tmp_path, f"1,Shoes,{WEB}1.jpg,,{WEB}3.jpg", header="id,category,image1,image2,image3")
    (record,) = records(source)
    assert record.images == (Url(f"{WEB}1.jpg"), Url(f"{WEB}3.jpg"))


@pytest.mark.parametrize(
    ("cell", "separator"),
    [
        (f"{WEB}1.jpg|{WEB}2.jpg", "|"),
        (f"{WEB}1.jpg; {WEB}2.jpg", ";"),
        (f'["{WEB}1.jpg", "{WEB}2.jpg"]', "|"),
    ],
)
def test_one_cell_may_hold_several_images(tmp_path: Path, cell: str, separator: str) -> None:
    quoted = cell.replace('"', '""')
    source = table(tmp_path, f'1,Shoe,Shoes,"{quoted}",', options=SourceOptions(separator=separator))
    (record,) = records(source)
    assert record.images == (Url(f"{WEB}1.jpg"), Url(f"{WEB}2.jpg"))


def test_rows_of_one_id_that_follow_each_other_are_one_product(tmp_path: Path) -> None:
    source = table(
        tmp_path, f"1,Shoe,Shoes,{WEB}1.jpg,Red", f"1,,,{WEB}2.jpg,", "1,,,,", f"2,Boot,Boots,{WEB}3.jpg,"
    )
    first, second = records(source)
    assert first.product.title == "Shoe"
    assert first.images == (Url(f"{WEB}1.jpg"), Url(f"{WEB}2.jpg"))
    assert second.product.id == "2"
    assert rejects(source) == {}


def test_a_product_whose_images_come_after_its_first_row_is_whole(tmp_path: Path) -> None:
    source = table(tmp_path, "1,Shoe,Shoes,,", f"1,,,{WEB}2.jpg,")
    (record,) = records(source)
    assert record.images == (Url(f"{WEB}2.jpg"),)


def test_a_file_of_one_id_does_not_gather_without_end(tmp_path: Path) -> None:
    (record,) = records(table(tmp_path, *(f"1,Shoe,Shoes,{WEB}{n}.jpg," for n in range(200))))
    assert len(record.images) == MAX_IMAGES + 1


def test_a_cell_is_text_unless_a_kind_is_said(tmp_path: Path) -> None:
    header = "id,category,image,price,stock,sizes,year"
    said = column_map(["price:number=price", "stock:bool=stock", "sizes:list=sizes", "year=year"])
    rows = (f"1,Shoes,{WEB}1.jpg,12.50,yes,38|39 | 40,2012", f"2,Shoes,{WEB}1.jpg,1e3,FALSE,38,")
    first, second = records(table(tmp_path, *rows, header=header, options=SourceOptions(columns=said)))
    assert first.product.attributes == {
        "price": 12.5,
        "stock": True,
        "sizes": ["38", "39", "40"],
        "year": "2012",
    }
    assert second.product.attributes == {"price": 1000.0, "stock": False, "sizes": ["38"]}


@pytest.mark.parametrize("price", ["cheap", "1.299,00", "1_000", "inf", "٣", "0x10", "9" * 400])
def test_what_is_no_number_is_told(tmp_path: Path, price: str) -> None:
    options = SourceOptions(columns={"price:number": "price"})
    row = f'1,Shoes,{WEB}1.jpg,"{price}"'
    source = table(tmp_path, row, header="id,category,image,price", options=options)
    assert "is no number" in rejects(source)["shop.csv line 2"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,Shoe,Shoes,nowhere.jpg,", "no image 'nowhere.jpg'"),
        ("1,Shoe,Shoes,../secret.jpg,", "leads out"),
        ("1,Shoe,Shoes,shop/../../secret.jpg,", "leads out"),
        ("1,Shoe,Shoes,/etc/passwd,", "leads out"),
        ("1,Shoe,Shoes,link.jpg,", "leads out"),
        ("1,Shoe,Shoes,circle.jpg,", "no image"),
        ("1,Shoe,Shoes,file:///etc/passwd,", "no address"),
        ("1,Shoe,Shoes,ftp://shop.example/1.jpg,", "no address"),
        ("1,Shoe,Shoes,https://[broken/1.jpg,", "no address"),
        ("1,Shoe,Shoes,https:///1.jpg,", "no address"),
        (f"1,Shoe,Shoes,{'n' * 300}.jpg,", "no image"),
        ("1,Shoe,Shoes,a\0.jpg,", "no UTF-8"),
        ("1,Shoe,Shoes,,", "names no image"),
        ("1,Shoe,Shoes", "3 fields, the header 5"),
        ("1,Shoe,Shoes,good.jpg,Red,more", "6 fields, the header 5"),
        (",Shoe,Shoes,good.jpg,", "no id"),
        ("1,Shoe,,good.jpg,", "no category"),
        (f"1,{'long' * 50_000},Shoes,good.jpg,", "no CSV"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_and_the_others_go_in(
    tmp_path: Path, row: str, reason: str
) -> None:
    touch(tmp_path / "secret.jpg")
    touch(tmp_path / "shop/good.jpg")
    (tmp_path / "shop/link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "shop/circle.jpg").symlink_to("circle.jpg")
    source = table(tmp_path / "shop", row, "2,Boot,Boots,good.jpg,")
    (place, told), *others = rejects(source).items()
    assert place == "shop.csv line 2"
    assert reason in told
    assert others == []
    assert [record.product.id for record in records(source)] == ["2"]


def test_bytes_that_are_no_utf_8_spoil_their_own_row_only(tmp_path: Path) -> None:
    rows = [f"1,Sapato,Cal\xe7ado,{WEB}1.jpg,Azul", f"2,Bota,Botas,{WEB}2.jpg,Azul"]
    (tmp_path / "shop.csv").write_bytes("\n".join([HEADER, *rows]).encode("latin-1"))
    source = TableSource(tmp_path / "shop.csv")
    assert [record.product.id for record in records(source)] == ["2"]
    assert "Save the table as UTF-8" in rejects(source)["shop.csv line 2"]


def test_a_byte_order_mark_semicolons_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    content = f'\ufeffid;category;image\r\n1;"Größen; große";{WEB}1.jpg\r\n'
    (tmp_path / "shop.csv").write_bytes(content.encode())
    (record,) = records(TableSource(tmp_path / "shop.csv"))
    assert record.product.category == "Größen; große"


def test_a_file_that_is_one_endless_line_is_no_catalogue_and_no_burden(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_bytes(b"id,category,image\n" + b"x" * 20_000_000)
    tracemalloc.start()
    (reject,) = rejects(TableSource(tmp_path / "shop.csv")).values()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "no CSV" in reject
    assert peak < 10_000_000


def test_memory_stays_small_however_long_the_table_is(tmp_path: Path) -> None:
    rows = (f"{n},Shoe {n},Shoes,{WEB}{n}.jpg,Red" for n in range(20_000))
    source = table(tmp_path, *rows)
    tracemalloc.start()
    assert sum(1 for _ in source.entries()) == source.count() == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


def test_images_may_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    touch(tmp_path / "photos/1.jpg")
    source = table(
        tmp_path / "tables", "1,Shoe,Shoes,1.jpg,", options=SourceOptions(images=tmp_path / "photos")
    )
    assert records(source)[0].images == (tmp_path / "photos/1.jpg",)


def test_more_columns_than_a_table_has_are_refused_before_they_are_compared(tmp_path: Path) -> None:
    with pytest.raises(InvalidSource, match="more than the 1,000 columns"):
        table(tmp_path, header=HEADER + ",a" * 300_000)
    assert len(CsvRows(write(tmp_path / "wide.csv", HEADER + ",a" * 995)).columns) == 1_000


def test_columns_of_one_name_are_told_apart_whatever_the_others_are_called(tmp_path: Path) -> None:
    rows = CsvRows(write(tmp_path / "shop.csv", "a,a 2,a,a,b,a 3,b"))
    assert rows.columns == ["a", "a 2", "a 3", "a 4", "b", "a 3 2", "b 2"]


def test_a_row_of_very_many_lines_is_told_and_the_next_ones_are_read(tmp_path: Path) -> None:
    """Each of its cells is ended, and begun anew, in the next line."""
    touch(tmp_path / "1.jpg")
    source = table(tmp_path, "1,,Shoes,1.jpg,", 'x,"' + '\n","' * 1_100_000, "2,,Shoes,1.jpg,")
    assert [record.product.id for record in records(source)] == ["1", "2"]
    assert any("quotation mark is not closed" in reason for reason in rejects(source).values())
