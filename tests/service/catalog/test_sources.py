"""Folders and tables as people have them, faults included."""

from pathlib import Path

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Record, Reject
from service.catalog.sources.detect import open_source
from service.catalog.sources.folder import FolderSource
from service.catalog.sources.styles import StylesSource

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")
    return path


def styles(folder: Path, *lines: str, images: tuple[str, ...] = (), header: str = HEADER) -> StylesSource:
    (folder / "styles.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    for name in images:
        touch(folder / "images" / name)
    return StylesSource(folder)


def records(source: StylesSource | FolderSource) -> list[Record]:
    return [entry for entry in source.entries() if isinstance(entry, Record)]


def rejects(source: StylesSource | FolderSource) -> list[Reject]:
    return [entry for entry in source.entries() if isinstance(entry, Reject)]


def test_a_folder_is_a_category_and_folders_within_it_are_a_path(tmp_path: Path) -> None:
    for name in ("Shoes/red_high-heel.jpg", "Apparel/Topwear/Shirts/a.PNG", "Größen/été.webp"):
        touch(tmp_path / name)
    found = {record.product.id: record.product for record in records(FolderSource(tmp_path))}
    assert found["Shoes/red_high-heel.jpg"].category == "Shoes"
    assert found["Shoes/red_high-heel.jpg"].title == "red high heel"
    assert found["Apparel/Topwear/Shirts/a.PNG"].category == "Apparel/Topwear/Shirts"
    assert found["Größen/été.webp"].category == "Größen"
    assert FolderSource(tmp_path).count() == 3


def test_what_is_no_image_or_hidden_is_passed_over(tmp_path: Path) -> None:
    for name in ("Shoes/notes.txt", "Shoes/.hidden.jpg", ".git/x.jpg", "Shoes/Thumbs.db", "Shoes/a.jpg"):
        touch(tmp_path / name)
    assert [record.product.id for record in records(FolderSource(tmp_path))] == ["Shoes/a.jpg"]


def test_an_image_outside_every_folder_is_rejected_with_its_reason(tmp_path: Path) -> None:
    touch(tmp_path / "Shoes/a.jpg")
    touch(tmp_path / "stray.jpg")
    (reject,) = rejects(FolderSource(tmp_path))
    assert reject.where == "stray.jpg"
    assert "no category" in reject.reason


def test_two_images_with_one_stem_are_two_products(tmp_path: Path) -> None:
    touch(tmp_path / "Shoes/a.jpg")
    touch(tmp_path / "Shoes/a.png")
    assert len({record.product.id for record in records(FolderSource(tmp_path))}) == 2


def test_a_link_that_leads_in_a_circle_is_not_followed(tmp_path: Path) -> None:
    touch(tmp_path / "Shoes/a.jpg")
    (tmp_path / "Shoes/again").symlink_to(tmp_path, target_is_directory=True)
    assert FolderSource(tmp_path).count() == 1


def test_a_row_of_styles_becomes_a_product(tmp_path: Path) -> None:
    line = "15970,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,Turtle Check Men Navy Blue Shirt"
    (record,) = records(styles(tmp_path, line, images=("15970.jpg",)))
    assert record.product.id == "15970"
    assert record.product.category == "Apparel/Topwear/Shirts"
    assert record.product.title == "Turtle Check Men Navy Blue Shirt"
    assert record.product.attributes == {
        "gender": "Men",
        "baseColour": "Navy Blue",
        "season": "Fall",
        "year": 2011,
        "usage": "Casual",
    }
    assert record.images == (tmp_path / "images" / "15970.jpg",)
    assert record.where == "styles.csv line 2"


def test_commas_too_many_belong_to_the_name(tmp_path: Path) -> None:
    line = "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Shirt, blue, checked"
    (record,) = records(styles(tmp_path, line, images=("1.jpg",)))
    assert record.product.title == "Shirt, blue, checked"


def test_commas_too_many_belong_to_the_name_when_more_columns_follow_it(tmp_path: Path) -> None:
    line = "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Shirt, blue,stripes"
    (record,) = records(styles(tmp_path, line, images=("1.jpg",), header=f"{HEADER},pattern"))
    assert record.product.title == "Shirt, blue"
    assert record.product.attributes["pattern"] == "stripes"


def test_without_a_name_the_title_is_composed(tmp_path: Path) -> None:
    line = "1,Women,Apparel,Bottomwear,Skirts,White,Summer,2011,Casual"
    header = HEADER.removesuffix(",productDisplayName")
    (record,) = records(styles(tmp_path, line, images=("1.jpg",), header=header))
    assert record.product.title == "Women White Skirts"


def test_what_is_not_known_is_no_attribute(tmp_path: Path) -> None:
    line = "1,NA,Apparel,Topwear,,Blue,,2012.0,NA,"
    (record,) = records(styles(tmp_path, line, images=("1.jpg",)))
    assert record.product.attributes == {"baseColour": "Blue", "year": 2012}
    assert record.product.category == "Apparel/Topwear"
    assert record.product.title == "Blue"


def test_a_slash_in_a_name_does_not_make_a_level(tmp_path: Path) -> None:
    line = "1,Men,Apparel,Shirts/Tops,Polo,Blue,Fall,2011,Casual,Polo"
    (record,) = records(styles(tmp_path, line, images=("1.jpg",)))
    assert record.product.category == "Apparel/Shirts-Tops/Polo"


def test_quotes_line_breaks_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    line = '1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,"A ""fine"", long\nname"'
    (record,) = records(styles(tmp_path, line, images=("1.jpg",), header="\ufeff" + HEADER))
    assert record.product.title == 'A "fine", long\nname'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,No picture", "no image images/2.jpg"),
        ("3,Men,Apparel", "3 fields"),
        (",Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,No id", "no id"),
        ("1,Men,,,,Blue,Fall,2011,Casual,No category", "no category"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_its_line_and_reason(
    tmp_path: Path, line: str, reason: str
) -> None:
    good = "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Good"
    source = styles(tmp_path, good, line, images=("1.jpg",))
    (reject,) = rejects(source)
    assert reject.where == "styles.csv line 3"
    assert reason in reject.reason
    assert len(records(source)) == 1


def test_an_image_without_a_row_is_told(tmp_path: Path) -> None:
    source = styles(
        tmp_path, "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Good", images=("1.jpg", "7.jpg")
    )
    (reject,) = rejects(source)
    assert reject.where == "images/7.jpg"


def test_an_id_that_climbs_out_of_the_folder_finds_no_image(tmp_path: Path) -> None:
    touch(tmp_path / "secret.jpg")
    shop = tmp_path / "shop"
    shop.mkdir()
    source = styles(shop, "../../secret,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Sly")
    assert records(source) == []


def test_the_layout_is_recognised(tmp_path: Path) -> None:
    touch(tmp_path / "folders/Shoes/a.jpg")
    (tmp_path / "table").mkdir()
    styles(tmp_path / "table", images=("1.jpg",))
    assert isinstance(open_source(tmp_path / "folders"), FolderSource)
    assert isinstance(open_source(tmp_path / "table"), StylesSource)
    assert isinstance(open_source(tmp_path / "table" / "styles.csv"), StylesSource)


def test_what_is_no_catalogue_is_refused_with_what_would_be_one(tmp_path: Path) -> None:
    touch(tmp_path / "flat/a.jpg")
    for wrong in (tmp_path / "nowhere", tmp_path / "flat", tmp_path / "flat/a.jpg"):
        with pytest.raises(InvalidSource, match=r"categor|images/"):
            open_source(wrong)


def test_a_rejected_row_is_told_once_and_its_image_is_not_blamed(tmp_path: Path) -> None:
    source = styles(tmp_path, "1,Men,,,,Blue,Fall,2011,Casual,No category", images=("1.jpg",))
    assert [reject.where for reject in rejects(source)] == ["styles.csv line 2"]


def test_two_images_for_one_id_are_told(tmp_path: Path) -> None:
    source = styles(
        tmp_path, "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Good", images=("1.jpg", "1.png")
    )
    assert [reject.where for reject in rejects(source)] == ["images/1.png"]
    assert len(records(source)) == 1


def test_line_numbers_are_those_of_an_editor_even_after_a_name_of_two_lines(tmp_path: Path) -> None:
    source = styles(
        tmp_path,
        '1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,"Two\nlines"',
        "2,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,No picture",
        images=("1.jpg",),
    )
    assert [reject.where for reject in rejects(source)] == ["styles.csv line 4"]


@pytest.mark.parametrize("year", ["9" * 5000, "2012?"])
def test_a_year_that_is_no_number_is_told_and_fixes_no_kind(tmp_path: Path, year: str) -> None:
    line = f"1,Men,Apparel,Topwear,Shirts,Blue,Fall,{year},Casual,Old"
    (reject,) = rejects(styles(tmp_path, line, images=("1.jpg",)))
    assert "no number" in reject.reason
    assert reject.product_id == "1"


def test_bytes_that_are_no_utf_8_spoil_their_own_row_only(tmp_path: Path) -> None:
    source = styles(tmp_path, images=("1.jpg", "2.jpg"))
    row = "{},Women,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Camisa {}"
    lines = [HEADER, row.format(1, "fran\xe7aise"), row.format(2, "azul")]
    (tmp_path / "styles.csv").write_bytes("\n".join(lines).encode("latin-1"))
    assert [record.product.id for record in records(source)] == ["2"]
    (reject,) = rejects(source)
    assert reject.where == "styles.csv line 2"
    assert "UTF-8" in reject.reason


@pytest.mark.parametrize("suffix", [".jpeg", ".png", ".webp", ".JPG", ".PNG"])
def test_an_image_is_found_whatever_its_kind(tmp_path: Path, suffix: str) -> None:
    source = styles(
        tmp_path, "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Good", images=(f"1{suffix}",)
    )
    assert [record.images[0] for record in records(source)] == [tmp_path / f"images/1{suffix}"]
    assert rejects(source) == []


def test_a_link_out_of_the_images_is_no_image(tmp_path: Path) -> None:
    touch(tmp_path / "secret.jpg")
    source = styles(tmp_path, "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Sly", images=("2.jpg",))
    (tmp_path / "images/1.jpg").symlink_to(tmp_path / "secret.jpg")
    assert records(source) == []


def test_images_may_lie_in_another_folder(tmp_path: Path) -> None:
    image = touch(tmp_path / "photos/1.jpg")
    styles(tmp_path / "photos", "1,Men,Apparel,Topwear,Shirts,Blue,Fall,2011,Casual,Good")
    (record,) = records(StylesSource(tmp_path / "photos", images=tmp_path / "photos"))
    assert record.images == (image,)


def test_each_layout_says_where_its_fields_come_from(tmp_path: Path) -> None:
    words = styles(tmp_path).mapping()
    assert words["category"] == "columns masterCategory / subCategory / articleType"
    assert words["attribute baseColour"] == "column baseColour"
    assert FolderSource(tmp_path).mapping().keys() == {"id", "category", "title", "images"}


def test_a_folder_that_cannot_be_read_is_a_failure_and_never_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidSource, match="nowhere"):
        list(FolderSource(tmp_path / "nowhere").entries())


def test_a_link_to_a_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    touch(tmp_path / "shop/Shoes/a.jpg")
    touch(tmp_path / "elsewhere/b.jpg")
    (tmp_path / "shop/Bags").symlink_to(tmp_path / "elsewhere")
    (reject,) = rejects(FolderSource(tmp_path / "shop"))
    assert (reject.where, reject.hides_products) == ("Bags", True)


def test_a_stray_quotation_mark_swallows_no_rows(tmp_path: Path) -> None:
    lines = [
        '1,Men,A,B,C,Blue,Fall,2012,Casual,"Levi 5',
        "2,Men,A,B,C,Blue,Fall,2012,Casual,Tee",
        '3,Men,A,B,C,Blue,Fall,2012,Casual,6" heel',
    ]
    source = styles(tmp_path, *lines, images=("1.jpg", "2.jpg", "3.jpg"))
    assert records(source) == []
    (swallowed, *left_over) = rejects(source)
    assert "quotation mark" in swallowed.reason
    assert swallowed.hides_products
    assert not any(reject.hides_products for reject in left_over)
