"""The light studio a product is photographed in: the backdrop and the shadow on it."""

from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from service.catalog.sample.palette import Colour

_BACKDROPS: tuple[Colour, ...] = ((240, 239, 237), (238, 240, 242), (242, 239, 233))
_SHADOW: Colour = (58, 56, 62)


def backdrop(side: int, pick: Random) -> Image.Image:
    return _backdrop(side, pick.choice(_BACKDROPS)).copy()


@lru_cache(maxsize=8)
def _backdrop(side: int, tint: Colour) -> Image.Image:
    """Brightest above the middle, falling off towards the corners."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    away = np.hypot(x - 0.5, (y - 0.42) * 0.9)
    light = 1.035 - 0.17 * away**1.6
    noise = np.random.default_rng(3).standard_normal((side, side)).astype(np.float32) * 0.6
    colours = light[..., None] * np.array(tint, dtype=np.float32) + noise[..., None]
    return Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))


def hanging_shadow(product: Image.Image) -> Image.Image:
    """On the wall right behind, a little down and to the right."""
    side = product.width
    small = product.reduce(4)
    unit = side / 4000
    near = _offset(small, 8 * unit, 14 * unit, 9 * unit, 0.30)
    far = _offset(small, 20 * unit, 36 * unit, 30 * unit, 0.22)
    return ImageChops.screen(near, far).resize((side, side), Image.Resampling.BILINEAR)


def standing_shadow(product: Image.Image) -> Image.Image:
    """On the floor: the product's own outline laid flat, darkest where it touches."""
    side = product.width
    small = product.reduce(4)
    unit = side / 4000
    bounds = small.getbbox()
    if bounds is None:
        return Image.new("L", product.size)
    left, top, right, bottom = bounds
    touching = small.crop((left, bottom - max(2, round(30 * unit)), right, bottom))
    floor = Image.new("L", small.size)
    flat = touching.resize((right - left, max(2, round(26 * unit))))
    floor.paste(flat, (left, bottom - flat.height // 2 - round(4 * unit)))
    wide = Image.new("L", small.size)
    whole = small.crop((left, top, right, bottom)).resize((right - left, max(2, round(70 * unit))))
    wide.paste(whole, (left + round(10 * unit), bottom - whole.height // 2))
    shadow = ImageChops.screen(
        _offset(floor, 0, 4 * unit, 6 * unit, 0.62), _offset(wide, 0, 0, 24 * unit, 0.34)
    )
    return shadow.resize((side, side), Image.Resampling.BILINEAR)


def _offset(mask: Image.Image, dx: float, dy: float, blur: float, strength: float) -> Image.Image:
    moved = Image.new("L", mask.size)
    moved.paste(mask, (round(dx), round(dy)))
    return moved.filter(ImageFilter.GaussianBlur(blur)).point(lambda value: value * strength)


def placed(product: Image.Image, mask: Image.Image, shadow: Image.Image, pick: Random) -> Image.Image:
    scene = backdrop(product.width, pick)
    scene.paste(_SHADOW, (0, 0, *scene.size), shadow)
    scene.paste(product, (0, 0), mask)
    return scene
