"""The colours that a picture shows, by the names that people use for them; the wall behind a product left out."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Several points a name, because a name covers no ball in any colour space.
_SHADES: Final = {
    "black": ("#0a0a0a", "#1c1c1f", "#2a2a2c", "#3a3a3d"),
    "grey": ("#606064", "#7c7c7e", "#949496", "#acacae"),
    "white": ("#d2d2d4", "#e2e2e2", "#f2f2f0", "#ffffff"),
    "beige": ("#d9c8ab", "#e3d3b8", "#c8b28e"),
    "brown": ("#3b2619", "#5a3a22", "#7b5133", "#996b43", "#46342c", "#755d4d", "#5e4a40"),
    "red": ("#b01c24", "#d62631", "#e8414a", "#c0302a", "#962c34"),
    "burgundy": ("#4a1420", "#6a1a2a", "#800020"),
    "orange": ("#e06a1c", "#f08a34", "#e8794a", "#f4a25f"),
    "yellow": ("#f2d12e", "#f7e27a", "#d9b51f", "#e8c04a"),
    "olive": ("#55552c", "#73703c", "#8f8c55"),
    "green": ("#1c4a2c", "#2e7a40", "#4fa35a", "#8fc986", "#a6d13c", "#3c4f3f", "#6a8a6a"),
    "teal": ("#135a5c", "#1f7f80", "#3fa39c"),
    "turquoise": ("#4cc4c4", "#8adbd6", "#a9e3dc"),
    "blue": ("#1f4fa3", "#2f6fc9", "#5a94d6", "#8fb8e0", "#4a6a94", "#b4cfe8", "#7486a0"),
    "navy": ("#131a33", "#1c2747", "#27355c", "#2e3347", "#3c4258"),
    "purple": ("#3f2558", "#62378a", "#8a5cb0", "#b79ad0", "#584a66"),
    "pink": ("#e0407f", "#ec7fa6", "#f3b4c8", "#d98a9c", "#f7d3dc"),
}
NAMES: Final = tuple(_SHADES)

_MOST = 3
_LEAST_SHARE = 0.12
_SIDE = 24
_EDGE = 1
_CHROMA_THAT_COUNTS_TWICE = 30.0
"""People name what is coloured before what is grey: shadows and seams are grey in everything."""
_WALL_SPREAD = 7.0
"""How far apart, in CIELAB, the pixels of a wall may lie."""
_LEAST_WALL = 0.6
"""Of the picture's edges."""
_LEAST_FOREGROUND = 0.04
"""Of the picture: with less than this left, what was taken for a wall is the thing itself."""


def dominant_colours(picture: Image.Image) -> list[str]:
    """Up to three names, the most widely seen first."""
    small = picture.resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=1.0)
    lab = _lab(np.asarray(small.convert("RGB")))
    shown = _without_wall(lab)
    nearest = (2 * shown @ _POINTS.T - _SQUARES).argmax(axis=1)
    weights = 1 + np.linalg.norm(shown[:, 1:], axis=1) / _CHROMA_THAT_COUNTS_TWICE
    counted = np.bincount(_OWNERS[nearest], weights, minlength=len(NAMES))
    shares = counted / counted.sum()
    order = np.argsort(-shares, kind="stable")[:_MOST]
    return [NAMES[at] for rank, at in enumerate(order) if rank == 0 or shares[at] >= _LEAST_SHARE]


def _without_wall(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """A wall is of one colour and seen all around. Where the edges are not of one colour, nothing is left out."""
    inside = np.zeros(lab.shape[:2], bool)
    inside[_EDGE:-_EDGE, _EDGE:-_EDGE] = True
    wall = np.median(lab[~inside], axis=0)
    is_wall = np.linalg.norm(lab - wall, axis=2) < _WALL_SPREAD
    if np.mean(is_wall[~inside]) < _LEAST_WALL:
        return lab.reshape(-1, 3)
    for mask in (_within(~is_wall), ~is_wall):
        if np.mean(mask) >= _LEAST_FOREGROUND:
            return lab[mask]
    return lab.reshape(-1, 3)


def _within(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Without the rim, where a pixel is half wall."""
    padded = np.pad(mask, 1)
    return mask & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]


def _lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIELAB under D65, in which distances are about what the eye makes of them."""
    srgb = rgb.astype(np.float32) / np.float32(255)
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ
    cubes = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(cubes, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def _rgb(shade: str) -> list[int]:
    return [int(shade[at : at + 2], 16) for at in (1, 3, 5)]


# Each row a primary, in units of the white point.
_TO_XYZ: Final = (
    np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]], np.float32)
    / np.array([0.9505, 1, 1.089], np.float32)
)  # fmt: skip
_POINTS: Final = _lab(np.array([_rgb(s) for shades in _SHADES.values() for s in shades], np.uint8))
_SQUARES: Final = np.square(_POINTS).sum(axis=1)
_OWNERS: Final = np.array([at for at, shades in enumerate(_SHADES.values()) for _ in shades])
