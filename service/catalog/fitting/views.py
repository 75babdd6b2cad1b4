"""Another view of the same picture, as another photograph would be: a part of it, mirrored, in another light."""

import hashlib
import random

from PIL import Image, ImageEnhance, ImageOps

_SMALLEST_SIDE = 0.6
_JITTER = 0.3


def another_view(picture: Image.Image, name: str) -> Image.Image:
    """The same one for the same name, every time."""
    draw = random.Random(hashlib.sha256(f"view {name}".encode()).digest())
    side = draw.uniform(_SMALLEST_SIDE, 0.9)
    width, height = max(1, round(side * picture.width)), max(1, round(side * picture.height))
    left, top = draw.randint(0, picture.width - width), draw.randint(0, picture.height - height)
    view = ImageOps.mirror(picture.crop((left, top, left + width, top + height)))
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        view = enhance(view).enhance(draw.uniform(1 - _JITTER, 1 + _JITTER))
    return view
