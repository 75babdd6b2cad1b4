"""The fine grain of materials: tiles of brightness around 128, made once a process."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grain = NDArray[np.float32]


@dataclass(frozen=True)
class Cloth:
    """Where a grain is worked out: pixel by pixel, some units to a pixel."""

    x: Grain
    y: Grain
    unit: float
    noise: Grain


def _cloth(side: int) -> Cloth:
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    noise = np.random.default_rng(20).standard_normal((side, side), dtype=np.float32)
    return Cloth(x, y, side / 1000, noise)


def _smooth(cloth: Cloth) -> Grain:
    return cloth.noise * np.float32(0.8)


def _woven(cloth: Cloth) -> Grain:
    return cloth.noise * np.float32(3.2)


def _twill(cloth: Cloth) -> Grain:
    slanted: Grain = np.sin((cloth.x + cloth.y) * np.float32(2.2 / cloth.unit))
    return slanted * 4 + cloth.noise * 5


def _knitted(cloth: Cloth) -> Grain:
    """Columns of stitches, each a small V."""
    width, height = 11 * cloth.unit, 8 * cloth.unit
    column: Grain = np.abs((cloth.x % width) / width - np.float32(0.5))
    rows: Grain = np.sin((cloth.y / height + column * 1.6) * (2 * np.pi))
    ditch: Grain = np.cos(column * (2 * np.pi))
    return rows * 7 + ditch * 9 + cloth.noise * 4


def _ribbed(cloth: Cloth) -> Grain:
    ribs: Grain = np.cos(cloth.x * (2 * np.pi / (13 * cloth.unit)))
    return ribs * 12 + cloth.noise * 3


def _grained(cloth: Cloth) -> Grain:
    """Leather: noise a few pixels wide."""
    wide = np.zeros_like(cloth.noise)
    for dy in range(3):
        for dx in range(3):
            wide += np.roll(cloth.noise, (dy, dx), (0, 1))
    return wide * np.float32(0.55)


_TEXTURES: dict[str, Callable[[Cloth], Grain]] = {
    "smooth": _smooth,
    "woven": _woven,
    "twill": _twill,
    "knitted": _knitted,
    "ribbed": _ribbed,
    "grained": _grained,
}


@lru_cache(maxsize=32)
def texture(name: str, side: int) -> Image.Image:
    grain = _TEXTURES[name](_cloth(side))
    return Image.fromarray(np.clip(grain + 128, 0, 255).astype(np.uint8))
