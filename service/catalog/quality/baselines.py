"""What takes no network: whatever a model finds beyond these, it has seen more than colours and outlines."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 96
_BITS = 3  # of each colour: eight steps
_THUMBNAIL = 16

HISTOGRAM_DIM = 1 << 3 * _BITS
THUMBNAIL_DIM = 3 * _THUMBNAIL**2


def histogram(picture: Image.Image) -> NDArray[np.float32]:
    """How much of each colour, as square roots: their product is what two pictures have in common."""
    small = np.asarray(picture.resize((_SIDE, _SIDE), Image.Resampling.BOX), np.uint32) >> 8 - _BITS
    red, green, blue = small.reshape(-1, 3).T
    colours = red << 2 * _BITS | green << _BITS | blue
    counts = np.bincount(colours, minlength=HISTOGRAM_DIM)
    return np.asarray(np.sqrt(counts / counts.sum()), np.float32)


def thumbnail(picture: Image.Image) -> NDArray[np.float32]:
    """Compared pixel by pixel, whatever its brightness and contrast."""
    size = (_THUMBNAIL, _THUMBNAIL)
    pixels = np.asarray(picture.resize(size, Image.Resampling.BOX), np.float32).ravel()
    pixels -= pixels.mean()
    return pixels / max(float(np.linalg.norm(pixels)), 1e-6)
