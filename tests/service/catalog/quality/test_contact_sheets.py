"""The sheets, looked at by their pixels."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageColor

from embedder import ImageLimits
from service.catalog.drawing import EMPTY
from service.catalog.errors import UnknownImage
from service.catalog.quality import contact_sheets as layout
from service.catalog.quality.badges import RIGHT, WRONG
from service.catalog.quality.badges import SIDE as SIDE_OF_SIGN
from service.catalog.quality.contact_sheets import (
    FRAME,
    QUERY,
    SIDE,
    differences_sheet,
    failures_sheet,
    labels,
)
from service.catalog.quality.figures import Answer, Contrast
from service.catalog.quality.goods import Good

from .found import answer, good, missing, picture

LIMITS = ImageLimits()
PINK, CYAN = (250, 120, 200), (60, 220, 230)


def colours_of(sheet: Image.Image) -> dict[object, int]:
    return {shade: count for count, shade in sheet.getcolors(1 << 24) or []}


def pixels_of(sheet: Image.Image, colour: str) -> int:
    return colours_of(sheet).get(ImageColor.getrgb(colour), 0)


def failure(count: int = 2, query: Good | None = None) -> Answer:
    return answer("a", query or good("q", PINK), [good(f"f{n}", CYAN) for n in range(count)], [False] * count)


def contrast(first: str, second: str, right: tuple[int, int]) -> Contrast:
    found = [good(f"f{n}", CYAN) for n in range(4)]
    a, b = (
        answer(name, good("q", PINK), found, [n < count for n in range(4)])
        for name, count in zip((first, second), right, strict=True)
    )
    return Contrast(a, b)


def of(sheet: Image.Image | None) -> Image.Image:
    assert sheet is not None
    return sheet


def frames(sheet: Image.Image, row: int, count: int) -> list[object]:
    """The colours of the frames in one row of the first block."""
    left = layout._MARGIN + 2 * layout._PAD + layout.QUERY
    top = layout._TITLE + layout._PAD + row * layout._ROW + layout._HEADING
    across = SIDE + 2 * FRAME
    shades: list[object] = []
    for column in range(count):
        x = left + column * layout._STEP
        edges = {
            sheet.getpixel(at) for at in ((x, top), (x, top + across - 1), (x + across - 1, top + across - 1))
        }
        assert len(edges) == 1, "a frame goes all around"
        shades.append(edges.pop())
    return shades


def test_right_ones_are_framed_green_and_wrong_ones_red() -> None:
    sheet = of(differences_sheet([contrast("a", "b", (1, 3))], LIMITS))
    right, wrong = ImageColor.getrgb(RIGHT), ImageColor.getrgb(WRONG)
    assert frames(sheet, 0, 4) == [right, wrong, wrong, wrong]
    assert frames(sheet, 1, 4) == [right, right, right, wrong]


def test_every_picture_is_on_it() -> None:
    sheet = of(differences_sheet([contrast("a", "b", (1, 3))], LIMITS))
    assert colours_of(sheet)[PINK] == QUERY**2 - 4 * (QUERY - 1), "the query, but for its edge"
    assert colours_of(sheet)[CYAN] == pytest.approx(8 * SIDE**2, rel=0.03), "but for the signs"


def test_right_and_wrong_differ_without_their_colours_too() -> None:
    right, wrong = (
        of(failures_sheet([answer("a", good("q"), [good("f")], [relevant])], LIMITS))
        for relevant in (True, False)
    )
    left = layout._MARGIN + 2 * layout._PAD + layout.QUERY_ALONE + SIDE + 2 * FRAME - SIDE_OF_SIGN
    top = layout._TITLE + layout._PAD + layout._HEADING
    shapes = [
        sheet.crop((left, top, left + SIDE_OF_SIGN, top + SIDE_OF_SIGN))
        .convert("L")
        .point(lambda v: 255 * (v > 200))
        for sheet in (right, wrong)
    ]
    changed = ImageChops.difference(*shapes).histogram()[255]
    assert changed > 30, "a check is no cross"


def test_a_row_has_room_for_ten_and_the_rest_is_left_out() -> None:
    loaded: list[str] = []

    def counted(product_id: str) -> Good:
        def load() -> bytes:
            loaded.append(product_id)
            return picture(CYAN)

        return replace(good(product_id), image=load)

    found = [counted(f"f{n}") for n in range(30)]
    sheet = of(failures_sheet([answer("a", counted("q"), found, [False] * 30)], LIMITS))
    assert sorted(loaded) == sorted(["q", *(f"f{n}" for n in range(10))]), "no picture that is not drawn"
    assert (
        sheet.width
        == of(failures_sheet([failure(10)], LIMITS)).width
        > of(failures_sheet([failure(3)], LIMITS)).width
    )


def test_a_picture_of_two_rows_is_read_once() -> None:
    loaded: list[int] = []

    def load() -> bytes:
        loaded.append(1)
        return picture(CYAN)

    both = [replace(good("f"), image=load)]
    answers = [answer(name, good("q"), both, [right]) for name, right in (("a", False), ("b", True))]
    of(differences_sheet([Contrast(*answers)], LIMITS))
    assert loaded == [1]


def raising() -> bytes:
    raise UnknownImage("It is gone.")


@pytest.mark.parametrize(
    "lost",
    [
        missing("lost"),
        replace(good("lost"), image=lambda: b""),
        replace(good("lost"), image=lambda: picture(CYAN)[:50]),
        replace(good("lost"), image=raising),
    ],
    ids=["no file", "empty", "cut short", "not in the catalogue"],
)
def test_a_picture_that_cannot_be_read_leaves_a_grey_field(lost: Good) -> None:
    sheet = of(failures_sheet([answer("a", good("q", PINK), [lost, good("f", CYAN)], [False, True])], LIMITS))
    assert pixels_of(sheet, EMPTY) == pytest.approx(SIDE**2, rel=0.12), "but for its words and its sign"
    assert colours_of(sheet)[CYAN] == pytest.approx(SIDE**2, rel=0.03)
    assert colours_of(of(failures_sheet([failure(query=lost)], LIMITS))).get(PINK) is None


def test_a_picture_larger_than_the_limits_is_not_opened() -> None:
    sheet = of(failures_sheet([failure()], replace(LIMITS, max_pixels=100)))
    assert colours_of(sheet).get(CYAN) is None


def test_no_more_than_so_many_are_drawn_in_turn_from_every_pair_and_both_sides() -> None:
    contrasts = [contrast("a", "b", (1, 3))] * 6 + [contrast("a", "c", (3, 1))] * 6
    some, more = (of(differences_sheet(contrasts, LIMITS, most)) for most in (2, 4))
    assert more.height - some.height == pytest.approx((some.height - layout._TITLE) * 1.0, rel=0.1)
    right, wrong = ImageColor.getrgb(RIGHT), ImageColor.getrgb(WRONG)
    assert frames(some, 0, 4) == [right, wrong, wrong, wrong]
    below = some.crop((0, layout._height((failure(), failure()), QUERY) + layout._GAP, *some.size))
    assert frames(below, 0, 4) == [right, right, right, wrong]


def test_where_there_is_nothing_to_show_there_is_no_sheet() -> None:
    assert differences_sheet([], LIMITS) is None
    assert failures_sheet([], LIMITS) is None


def test_nothing_found_is_a_row_without_pictures() -> None:
    nothing = replace(failure(), found=[], relevant=[])
    sheet = of(failures_sheet([nothing], LIMITS))
    assert colours_of(sheet)[PINK] > 0
    assert colours_of(sheet).get(CYAN) is None


def test_captions_are_cut_to_their_pictures() -> None:
    long = replace(good("x" * 300, CYAN), attributes={"baseColour": "Blue " * 100})
    short = replace(good("x", CYAN), attributes={"baseColour": "B"})
    sheets = [
        of(failures_sheet([answer("a", good("q"), [one, good("f")], [False] * 2)], LIMITS))
        for one in (short, long)
    ]
    changed = ImageChops.difference(*sheets).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert right - left <= SIDE + 2 * FRAME + 2
    assert bottom - top <= layout._CAPTION


def test_labels_are_those_that_were_compared() -> None:
    product = replace(good("p"), attributes={"baseColour": "Blue", "sizes": ["S", "M"], "price": 3})
    assert labels(product, "category,baseColour") == "Shirts · Blue"
    assert labels(product, "sizes,price") == "S, M · 3"
    assert labels(product, "pairs") == labels(product, "season") == "Shirts"
