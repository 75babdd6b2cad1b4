"""What shows nothing, and what shows little and yet a product."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from service.catalog.flaws import LEAST_DETAIL, blankness
from tests.pictures import picture

SIDE = 320


def kept(image: Image.Image) -> Image.Image:
    """As a thumbnail keeps it."""
    file = BytesIO()
    image.save(file, "JPEG", quality=82)
    return Image.open(file)


def on_white(*, shirt: int, edge: int, blur: float = 2) -> Image.Image:
    """A shirt on a table, with a collar and seams that are a little darker."""
    image = Image.new("L", (SIDE, SIDE), 255)
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(60, 70), (130, 40), (190, 40), (260, 70), (230, 130), (230, 290), (90, 290), (90, 130)], shirt
    )
    draw.line([(130, 40), (160, 70), (190, 40)], edge, 4)
    draw.line([(90, 130), (90, 290), (230, 290), (230, 130)], edge, 3)
    return image.filter(ImageFilter.GaussianBlur(blur))


def ramp(least: float, most: float) -> Image.Image:
    return Image.fromarray(np.tile(np.linspace(least, most, SIDE), (SIDE, 1)).astype(np.uint8))


def spotlight(fall: float) -> Image.Image:
    across, down = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    return Image.fromarray((240 - fall * (across**2 + down**2)).clip(0, 255).astype(np.uint8))


def grain(spread: float) -> Image.Image:
    pixels = np.random.default_rng(7).normal(230, spread, (SIDE, SIDE, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("colour", ["white", "black", "#808080", "#fffdf5", "#c01020", "#feffff"])
def test_one_colour_shows_nothing(colour: str) -> None:
    assert blankness(kept(Image.new("RGB", (SIDE, SIDE), colour)), LEAST_DETAIL) == "no_detail"


@pytest.mark.parametrize(
    "wall", [ramp(180, 250), ramp(90, 220), spotlight(30), spotlight(90), grain(3), grain(5)]
)
def test_a_wall_however_it_is_lit_shows_nothing(wall: Image.Image) -> None:
    assert blankness(kept(wall), LEAST_DETAIL) == "no_detail"


@pytest.mark.parametrize(
    "goods",
    [
        on_white(shirt=247, edge=236),
        on_white(shirt=255, edge=225),
        on_white(shirt=249, edge=249, blur=1),
        Image.open(BytesIO(picture("yellow", side=96))),
        Image.open(BytesIO(picture("red", "dots", side=SIDE))),
    ],
)
def test_white_goods_on_a_white_table_are_goods(goods: Image.Image) -> None:
    assert blankness(kept(goods), LEAST_DETAIL) is None


def test_an_earring_on_a_large_table_is_seen() -> None:
    image = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(image).ellipse((150, 150, 172, 172), outline="#c9a227", width=3)
    assert blankness(kept(image), LEAST_DETAIL) is None


@pytest.mark.parametrize(
    ("size", "told"),
    [((1, 1), "tiny"), ((40, 50), "tiny"), ((1, 320), "tiny"), ((60, 80), None), ((320, 20), None)],
)
def test_hardly_any_pixels_are_too_few_whatever_they_show(size: tuple[int, int], told: str | None) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size[::-1], 3), np.uint8)
    assert blankness(kept(Image.fromarray(pixels)), LEAST_DETAIL) == told
