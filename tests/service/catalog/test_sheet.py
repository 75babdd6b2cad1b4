"""The contact sheet, looked at by its pixels."""

import pytest
from PIL import Image, ImageChops

from service.catalog.lettering import drawable, ellipsised, font_for, wrapped
from service.catalog.sheet import Tile, contact_sheet, picture_in
from tests.pictures import COLOURS, picture

RED = Image.new("RGB", (300, 200), COLOURS["red"])
BLUE = Image.new("RGB", (120, 320), COLOURS["blue"])


def tile(image: Image.Image | None = BLUE, title: str = "Navy shirt", heading: str = "0.873") -> Tile:
    return Tile(image, heading, title, ("Apparel/Topwear/Shirts", "10001"))


def pixels_of(sheet: Image.Image, colour: tuple[int, int, int]) -> int:
    return {shade: count for count, shade in sheet.getcolors(1 << 24) or []}.get(colour, 0)


def test_the_query_and_every_match_are_on_it_in_their_proportions() -> None:
    sheet = contact_sheet(tile(RED), [tile() for _ in range(7)])
    assert pixels_of(sheet, COLOURS["red"]) == pytest.approx(320 * 213, rel=0.02)
    assert pixels_of(sheet, COLOURS["blue"]) == pytest.approx(7 * 220 * 82, rel=0.03)


def test_many_matches_take_several_rows_and_no_more_than_ten_columns() -> None:
    few, many = (contact_sheet(tile(RED), [tile()] * count) for count in (5, 100))
    assert many.height > 5 * few.height
    assert many.width < 3_200


@pytest.mark.parametrize("count", [1, 2, 3, 6, 11, 37])
def test_every_number_of_matches_has_room(count: int) -> None:
    sheet = contact_sheet(tile(RED), [tile()] * count)
    assert pixels_of(sheet, COLOURS["blue"]) == pytest.approx(count * 220 * 82, rel=0.03)


def test_nothing_found_is_said_beside_the_query() -> None:
    alone = contact_sheet(tile(RED), [])
    assert pixels_of(alone, COLOURS["red"]) > 0
    assert pixels_of(alone, (107, 114, 128)) > 0, "the sentence's ink"


def test_a_picture_that_is_gone_leaves_its_caption() -> None:
    assert picture_in(b"no picture") is None
    assert picture_in(picture("red")[:2000]) is None
    sheet = contact_sheet(tile(RED), [tile(None), tile()])
    assert pixels_of(sheet, COLOURS["blue"]) == pytest.approx(220 * 82, rel=0.03)


@pytest.mark.parametrize(
    "title",
    [
        "Жёлтая рубашка",
        "Φόρεμα",
        "Élan d’été ñ ő ș",
        "قميص أزرق",
        "שמלה",
        "红色衬衫",
        "셔츠",
        "👗",
        "",
        "\ud800\n[b]%s",
    ],
)
def test_a_title_in_any_alphabet_can_be_drawn(title: str) -> None:
    plain, written = contact_sheet(tile(RED), [tile(title="")]), contact_sheet(tile(RED), [tile(title=title)])
    changed = ImageChops.difference(plain, written).getbbox()
    assert (changed is None) == (title == "")


def test_a_long_caption_stays_inside_its_card() -> None:
    short, long = (
        contact_sheet(tile(RED), [tile(title=title), tile()]) for title in ("x", "Supercalifragilistic " * 20)
    )
    changed = ImageChops.difference(short, long).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert right - left <= 224, "a letter may overhang"
    assert bottom - top <= 116, "what stands below a title moves down with it, and no further"


@pytest.mark.parametrize("text", ["a few plain words that are long", "x" * 300, "白" * 300, "", " "])
def test_wrapping_keeps_to_the_width_and_the_number_of_lines(text: str) -> None:
    text = drawable(text)
    font = font_for(text, 15)
    lines = wrapped(text, font, 120, 2)
    assert len(lines) <= 2
    assert all(font.getlength(line) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "").rstrip("…") in text.replace(" ", "")


def test_only_what_does_not_fit_ends_in_an_ellipsis() -> None:
    font = font_for("shirt", 15)
    assert ellipsised("shirt", font, 200) == "shirt"
    assert ellipsised("shirt " * 50, font, 200).endswith("…")
