"""How much there is to see in a picture, whatever it shows."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 32
_STRIKING = 4
"""Of the 1,024 parts of a picture: an earring on a table covers as many."""


def detail(picture: Image.Image) -> float:
    """How far the most striking parts differ from a wall in even light, of 255: nothing for a colour or a gradient."""
    small = picture.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    colours = np.asarray(small, np.float64).reshape(-1, 3)
    beyond = np.abs(colours - _WALLS @ (_WALLS.T @ colours)).max(axis=1)
    return float(np.sort(beyond)[-_STRIKING])


def _walls() -> NDArray[np.float64]:
    """In any even light: brightness that changes with the place and with its square. A base, at right angles."""
    across, down = (axis.ravel() for axis in np.mgrid[-1 : 1 : _SIDE * 1j, -1 : 1 : _SIDE * 1j])
    shapes = [np.ones_like(across), across, down, across**2, down**2, across * down]
    return np.linalg.qr(np.stack(shapes, axis=1)).Q


_WALLS = _walls()
