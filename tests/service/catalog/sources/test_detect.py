"""What lies in a folder tells its layout; a flag tells it where that is wrong."""

from pathlib import Path

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources.detect import open_source
from service.catalog.sources.options import SourceOptions
from tests.service.catalog.sources.reading import WEB, records, touch, write

STYLES = "id,masterCategory,productDisplayName"
FASHION = "ProductId,Category,Image,ImageURL"
NAMES = "brand_name,brand_label,product_name,product_label,file"
TABLE = "id,category,image"


def lay(folder: Path, layout: str) -> None:
    touch(folder / "Shoes/a.jpg")
    if layout == "styles.csv":
        write(folder / "styles.csv", STYLES)
    if layout == "fashion.csv":
        write(folder / "fashion.csv", FASHION)
    if layout == "labels in file names":
        write(folder / "style.csv", NAMES)
        touch(folder / "style/0_1_001.png")
    if layout == "shop.csv":
        write(folder / "shop.csv", TABLE)


@pytest.mark.parametrize(
    "layout", ["folder per category", "styles.csv", "fashion.csv", "labels in file names", "shop.csv"]
)
def test_a_layout_is_recognised(tmp_path: Path, layout: str) -> None:
    lay(tmp_path, layout)
    assert open_source(tmp_path).name == layout
    assert open_source(str(tmp_path)).name == layout


@pytest.mark.parametrize("layout", ["styles.csv", "fashion.csv", "labels in file names"])
def test_a_layout_is_recognised_one_level_down(tmp_path: Path, layout: str) -> None:
    lay(tmp_path / "data", layout)
    touch(tmp_path / "other/readme.jpg")
    assert open_source(tmp_path).name == layout


@pytest.mark.parametrize(
    ("file", "header", "name"),
    [
        ("styles.csv", STYLES, "styles.csv"),
        ("fashion.csv", FASHION, "fashion.csv"),
        ("style.csv", NAMES, "labels in file names"),
        ("shop.csv", TABLE, "shop.csv"),
        ("shop.tsv", TABLE.replace(",", "\t"), "shop.tsv"),
    ],
)
def test_a_table_may_be_named_itself(tmp_path: Path, file: str, header: str, name: str) -> None:
    touch(tmp_path / "images/0_1_001.png")
    assert open_source(write(tmp_path / file, header)).name == name


def test_a_flat_folder_of_labelled_images_is_recognised(tmp_path: Path) -> None:
    touch(tmp_path / "0_1_001.png")
    assert open_source(tmp_path).name == "labels in file names"


def test_a_styles_csv_of_other_columns_is_a_table_like_any(tmp_path: Path) -> None:
    table = write(tmp_path / "styles.csv", TABLE, f"1,Shoes,{WEB}1.jpg")
    for where in (table, tmp_path):
        assert [record.product.id for record in records(open_source(where))] == ["1"]


def test_a_stray_table_does_not_hide_the_folders(tmp_path: Path) -> None:
    touch(tmp_path / "Shoes/a.jpg")
    write(tmp_path / "notes.csv", "day,note")
    assert open_source(tmp_path).name == "folder per category"


@pytest.mark.parametrize(
    ("layout", "name"),
    [
        ("folder", "folder per category"),
        ("styles", "styles.csv"),
        ("fashion", "fashion.csv"),
        ("names", "labels in file names"),
    ],
)
def test_a_flag_is_stronger_than_the_guess(tmp_path: Path, layout: str, name: str) -> None:
    write(tmp_path / "styles.csv", STYLES)
    write(tmp_path / "fashion.csv", FASHION)
    assert open_source(tmp_path, SourceOptions(layout=layout)).name == name


def test_a_flag_may_say_that_styles_csv_is_a_table(tmp_path: Path) -> None:
    table = write(tmp_path / "styles.csv", "id,masterCategory,category,image", f"1,A,B,{WEB}1.jpg")
    assert open_source(table).name == "styles.csv"
    (record,) = records(open_source(table, SourceOptions(layout="table")))
    assert record.product.category == "B"


def test_a_map_makes_a_table_of_a_folder(tmp_path: Path) -> None:
    touch(tmp_path / "Shoes/a.jpg")
    write(tmp_path / "stock.csv", "nr,aisle,front", "7,Shoes,Shoes/a.jpg")
    options = SourceOptions(columns={"id": "nr", "category": "aisle", "image": "front"})
    (record,) = records(open_source(tmp_path, options))
    assert record.images == (tmp_path / "Shoes/a.jpg",)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (SourceOptions(layout="pile"), "There is no layout 'pile'; there are folder, styles"),
        (SourceOptions(layout="styles"), "does not have the layout styles"),
        (SourceOptions(layout="fashion"), "does not have the layout fashion"),
        (SourceOptions(layout="table"), "more than one table: a.csv, b.csv"),
        (SourceOptions(images=Path("nowhere")), "nowhere is no folder of images"),
        (SourceOptions(layout="folder", columns={"id": "id"}), "for tables"),
    ],
)
def test_a_flag_that_does_not_fit_is_refused(tmp_path: Path, options: SourceOptions, reason: str) -> None:
    for name in ("a.csv", "b.csv"):
        write(tmp_path / name, TABLE)
    with pytest.raises(InvalidSource, match=reason):
        open_source(tmp_path, options)


def test_two_tables_that_would_do_are_for_a_person_to_choose_from(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write(tmp_path / name, TABLE)
    with pytest.raises(InvalidSource, match=r"a\.csv, b\.csv\. Name the file itself"):
        open_source(tmp_path)


@pytest.mark.parametrize("where", ["nowhere", "notes.txt", "empty", "n" * 5000, "a\0b"])
def test_what_is_no_catalogue_is_refused_with_what_would_be_one(tmp_path: Path, where: str) -> None:
    (tmp_path / "empty").mkdir()
    touch(tmp_path / "notes.txt")
    with pytest.raises(InvalidSource, match="A catalogue is a folder per category"):
        open_source(tmp_path / where)
