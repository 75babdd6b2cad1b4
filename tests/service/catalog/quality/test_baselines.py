from io import BytesIO

import numpy as np
from PIL import Image

from service.catalog.quality.baselines import histogram, thumbnail
from tests.pictures import picture


def drawn(colour: str, pattern: str = "solid", variant: int = 0) -> Image.Image:
    return Image.open(BytesIO(picture(colour, pattern, variant=variant))).convert("RGB")


def test_a_histogram_sees_colours_wherever_they_are() -> None:
    red, moved, blue = (histogram(one) for one in (drawn("red"), drawn("red", variant=40), drawn("blue")))
    assert np.linalg.norm(red) == np.float32(1) or abs(np.linalg.norm(red) - 1) < 1e-6
    assert red @ moved > 0.98
    assert red @ moved > red @ blue + 0.2


def test_a_thumbnail_sees_where_things_are() -> None:
    red, moved, blue = (thumbnail(one) for one in (drawn("red"), drawn("red", variant=40), drawn("blue")))
    assert abs(np.linalg.norm(red) - 1) < 1e-5
    assert red @ thumbnail(drawn("red", variant=1)) > red @ moved + 0.05
    assert red @ blue < 0.99


def test_a_blank_picture_is_like_nothing() -> None:
    blank = Image.new("RGB", (50, 50), "white")
    assert not thumbnail(blank).any()
    assert histogram(blank).max() == 1
