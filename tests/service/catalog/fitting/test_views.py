import numpy as np
import pytest
from PIL import Image, ImageDraw

from service.catalog.fitting.views import another_view


def half(side: int = 200) -> Image.Image:
    image = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(image).rectangle((0, 0, side // 2, side), fill="navy")
    return image


def test_a_view_is_the_same_every_time_and_another_for_another_name() -> None:
    one, again, other = another_view(half(), "a"), another_view(half(), "a"), another_view(half(), "b")
    assert one.tobytes() == again.tobytes()
    assert (one.size, one.tobytes()) != (other.size, other.tobytes())


def test_a_view_is_a_mirrored_part() -> None:
    view = another_view(half(), "a")
    assert 120 <= view.width == view.height < 200
    colours = np.asarray(view, np.float32)
    assert colours[:, 0, 0].mean() > colours[:, -1, 0].mean() + 50, (
        "what was dark on the left is on the right"
    )


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3, 2)])
def test_of_a_picture_of_any_shape_there_is_another_view(size: tuple[int, int]) -> None:
    assert min(another_view(Image.new("RGB", size), "a").size) >= 1
