"""From the many ways of writing a pixel to one: 8-bit sRGB on white."""

import io
import math
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageCms

_PIECE_PIXELS = 1 << 21
_DEEP_MODES = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
_CUSTOMARY_WHITES = (1.0, 255.0, 65535.0)


def flat_pieces(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """Horizontal bands as (top, band) in mode L, RGB or CMYK, without transparency.

    A band at a time, so that a large picture is never in memory in two modes at once. Every band but the
    last has a multiple of `factor` rows.
    """
    flatten = _flattener(image)
    rows = max(1, _PIECE_PIXELS // (image.width * factor)) * factor
    if rows >= image.height:
        yield 0, flatten(image)
        return
    for top in range(0, image.height, rows):
        yield top, flatten(image.crop((0, top, image.width, min(top + rows, image.height))))


def to_srgb(image: Image.Image, profile: object) -> Image.Image:
    """A profile that is broken, or made for another kind of picture, is ignored."""
    if isinstance(profile, bytes):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), image.mode, "RGB")
            converted = ImageCms.applyTransform(image, transform)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")


def _flattener(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    if image.mode in _DEEP_MODES:
        white = _white(image)
        return lambda piece: _shallow(piece, white)
    if image.has_transparency_data:
        return _on_white
    if image.mode in ("L", "RGB", "CMYK"):
        return lambda piece: piece
    mode = "L" if image.mode == "1" else "RGB"
    return lambda piece: piece.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    colours = image.convert("RGBA")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(colours, mask=colours.getchannel("A"))
    return canvas


def _white(image: Image.Image) -> float:
    """The number that means white: files with 32-bit pixels do not say, so the smallest usual one that fits."""
    if image.mode.startswith("I;16"):
        return 65535.0
    extrema = image.getextrema()
    brightest = float(extrema[1]) if not isinstance(extrema[1], tuple) else math.nan
    fitting = (white for white in _CUSTOMARY_WHITES if brightest <= white)
    return next(fitting, brightest if math.isfinite(brightest) else 1.0)


def _shallow(image: Image.Image, white: float) -> Image.Image:
    with np.errstate(all="ignore"):
        levels = np.nan_to_num(np.asarray(image).astype(np.float64) * (255.0 / white))
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))
