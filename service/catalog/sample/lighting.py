"""Light and shadow: surfaces as height fields under one soft lamp at the upper left."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from service.catalog.sample.parts import Fold

Field = NDArray[np.float32]

_LAMP = np.array([-0.42, -0.60, 0.68]) / np.linalg.norm([-0.42, -0.60, 0.68])
_HALFWAY = (_LAMP + np.array([0, 0, 1])) / np.linalg.norm(_LAMP + np.array([0, 0, 1]))


@dataclass(frozen=True)
class Surface:
    """How a part meets the light. Lengths are in the pixels of the mask that is lit."""

    puff: float
    relief: float
    gloss: float
    fade: float


def lit(mask: Image.Image, folds: Image.Image | None, surface: Surface) -> tuple[Image.Image, Image.Image]:
    """Brightness (128 leaves a colour as it is) and shine (added on top) of a part, from its mask."""
    margin = int(surface.puff * 2) + 2
    inside = _padded(mask, margin) / np.float32(255)
    round_edge = softened(inside, surface.puff)
    height: Field = round_edge * (surface.puff * 2.2 * surface.relief) + softened(inside, 1.6) * 1.3
    if folds is not None:
        height += softened(_padded(folds, margin), 2.2)
    height = height[margin - 1 : 1 - margin, margin - 1 : 1 - margin]
    slope_y = (height[2:, 1:-1] - height[:-2, 1:-1]) / 2
    slope_x = (height[1:-1, 2:] - height[1:-1, :-2]) / 2
    length = np.sqrt(slope_x**2 + slope_y**2 + 1)
    diffuse = (-slope_x * _LAMP[0] - slope_y * _LAMP[1] + _LAMP[2]) / length
    light = diffuse / _LAMP[2] - 1
    hollow = (1 - round_edge[margin:-margin, margin:-margin]) * 0.22 * surface.relief
    down = np.linspace(-0.5, 0.5, light.shape[0], dtype=np.float32)[:, None]
    bright = 1 + np.tanh(light * 0.9) * 0.42 - hollow + down * surface.fade
    facing = np.clip((-slope_x * _HALFWAY[0] - slope_y * _HALFWAY[1] + _HALFWAY[2]) / length, 0, 1)
    shine = np.clip(light, 0, 1) * 9 + surface.gloss * 165 * np.clip(facing**38 - 0.12, 0, 1)
    return _picture(bright * 128), _picture(shine)


def ridges(
    size: tuple[int, int], folds: Sequence[Fold], scale: float, origin: tuple[float, float]
) -> Image.Image:
    """Folds as heights, still with hard edges."""
    picture = Image.new("F", size)
    draw = ImageDraw.Draw(picture)
    for fold in folds:
        points = [(x * scale + origin[0], y * scale + origin[1]) for x, y in fold.path]
        draw.line(points, fill=fold.height, width=max(1, round(fold.width * scale)), joint="curve")
    return picture


def softened(field: Field, radius: float) -> Field:
    """Three box blurs, which come close to a Gaussian: Pillow's own rounds to 256 levels and would leave bands."""
    half = max(1, round(radius * 0.9))
    for _ in range(3):
        field = _box(_box(field, half).T, half).T
    return field


def _box(field: Field, half: int) -> Field:
    """Down the columns: the running sum below less the one above."""
    rows, columns = field.shape
    sums = np.zeros((rows + 2 * half + 1, columns), dtype=np.float32)
    sums[half + 1 : half + 1 + rows] = field
    np.cumsum(sums, axis=0, out=sums)
    window = 2 * half + 1
    return np.asarray((sums[window:] - sums[:rows]) / np.float32(window), dtype=np.float32)


def _padded(picture: Image.Image, margin: int) -> Field:
    field = np.zeros((picture.height + 2 * margin, picture.width + 2 * margin), dtype=np.float32)
    field[margin:-margin, margin:-margin] = np.asarray(picture)
    return field


def _picture(field: Field) -> Image.Image:
    return Image.fromarray(np.clip(field, 0, 255).astype(np.uint8))
