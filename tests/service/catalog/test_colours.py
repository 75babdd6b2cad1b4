"""Colours by the names that people use."""

import pytest
from PIL import Image, ImageDraw

from service.catalog.colours import NAMES, dominant_colours

WALL = (248, 248, 248)


def product(*parts: str, wall: tuple[int, int, int] = WALL, side: int = 200) -> Image.Image:
    """Vertical parts of one product, of the same width, before a wall."""
    image = Image.new("RGB", (side, side), wall)
    draw = ImageDraw.Draw(image)
    width = side // 2 // len(parts)
    for at, colour in enumerate(parts):
        left = side // 4 + at * width
        draw.rectangle((left, side // 5, left + width, side - side // 5), fill=colour)
    return image


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#000000", "black"),
        ("#808080", "grey"),
        ("#ff0000", "red"),
        ("#800020", "burgundy"),
        ("#ff8800", "orange"),
        ("#ffdd22", "yellow"),
        ("#6b6b2c", "olive"),
        ("#228844", "green"),
        ("#1a7a7a", "teal"),
        ("#40e0d0", "turquoise"),
        ("#2255cc", "blue"),
        ("#1a2350", "navy"),
        ("#663399", "purple"),
        ("#ff77aa", "pink"),
        ("#6b4423", "brown"),
        ("#d8c6a4", "beige"),
    ],
)
def test_a_plain_product_has_the_name_of_its_colour(colour: str, name: str) -> None:
    assert dominant_colours(product(colour)) == [name]


def test_every_name_can_be_an_answer() -> None:
    assert len(set(NAMES)) == len(NAMES) == 17


def test_a_wall_of_any_colour_is_left_out() -> None:
    assert dominant_colours(product("#2255cc", wall=(120, 30, 30))) == ["blue"]


def test_what_fills_the_picture_is_no_wall() -> None:
    assert dominant_colours(Image.new("RGB", (50, 50), "#228844")) == ["green"]
    assert dominant_colours(Image.new("RGB", (50, 50), "white")) == ["white"]


def test_the_most_seen_colour_comes_first_and_traces_are_not_told() -> None:
    shown = dominant_colours(product("#ff0000", "#ff0000", "#2255cc"))
    assert shown == ["red", "blue"]
    traces = product("#ff0000")
    ImageDraw.Draw(traces).rectangle((90, 90, 100, 100), fill="#2255cc")
    assert dominant_colours(traces) == ["red"]


def test_at_most_three_are_told() -> None:
    assert len(dominant_colours(product("#ff0000", "#2255cc", "#228844", "#ffdd22", "#663399"))) == 3


@pytest.mark.parametrize("size", [(1, 1), (1, 3_000), (3_000, 1), (2, 2)])
def test_any_shape_of_picture_has_a_colour(size: tuple[int, int]) -> None:
    assert dominant_colours(Image.new("RGB", size, "#ff0000")) == ["red"]
