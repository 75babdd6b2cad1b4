"""Pictures that no shop sells, drawn to be told apart from those that it does.

A score alone cannot say that a picture shows nothing: to a network it may be as near to some product as products are to
each other. What it takes is to have seen such pictures. Each is drawn by its number alone, so that everybody who draws
them draws the same.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

_SIDE = 256
_Plane: TypeAlias = NDArray[np.float64]
_ROWS, _COLUMNS = np.mgrid[0 : 1 : _SIDE * 1j, 0 : 1 : _SIDE * 1j]


def nothing(number: int) -> Image.Image:
    pixels = _KINDS[KINDS[number]](np.random.default_rng([17, number]))
    return Image.fromarray((pixels.clip(0, 1) * 255).astype(np.uint8))


def _grains(random: Generator) -> _Plane:
    """Of any size, in grey or in colours, faint or harsh."""
    cells = int(random.choice([_SIDE, _SIDE, 128, 64, 32, 16, 8]))
    values = random.uniform(0.2, 0.8) + random.uniform(0.05, 0.6) * random.standard_normal(
        (cells, cells, _depth(random))
    )
    if random.random() < 0.3:
        values = (random.random(values.shape) < random.uniform(0.05, 0.6)).astype(float)
    way = Image.Resampling.NEAREST if random.random() < 0.5 else Image.Resampling.BICUBIC
    image = Image.fromarray(_coloured(values)).resize((_SIDE, _SIDE), way)
    return np.asarray(image) / 255


def _coloured(values: _Plane) -> NDArray[np.uint8]:
    return np.repeat((values.clip(0, 1) * 255).astype(np.uint8), 3 // values.shape[2], axis=2)


def _depth(random: Generator) -> int:
    return int(random.choice([1, 3]))


def _cloud(random: Generator, roughness: float | None = None) -> _Plane:
    """From 0 to 1, and alike at every scale, as much of nature is."""
    steps = np.fft.fftfreq(_SIDE)
    frequency = np.hypot(steps[:, None], steps[None, :])
    frequency[0, 0] = 1
    falling = random.uniform(0.5, 2.5) if roughness is None else roughness
    waves = np.fft.fft2(random.standard_normal((_SIDE, _SIDE))) / frequency**falling
    waves[0, 0] = 0
    plane = np.fft.ifft2(waves).real
    return np.asarray((plane - plane.min()) / np.ptp(plane))


def _clouds(random: Generator) -> _Plane:
    return _between(random, _cloud(random))


def _between(random: Generator, share: _Plane) -> _Plane:
    one, other = random.random(3), random.random(3)
    return np.asarray(one + (other - one) * share[..., None])


def _view(random: Generator) -> _Plane:
    """A sky, and ridge behind ridge before it."""
    natural = random.random() < 0.6
    picture = _daylight(random) if natural else _between(random, _ROWS)
    picture += random.uniform(0, 0.3) * _cloud(random, 1.8)[..., None]
    if random.random() < 0.5:
        disc = np.hypot(_ROWS - random.uniform(0, 0.4), _COLUMNS - random.random()) < random.uniform(
            0.02, 0.1
        )
        picture[disc] = (1, 0.95, random.uniform(0.5, 1))
    for foot in np.linspace(random.uniform(0.3, 0.6), 1, int(random.integers(2, 7)))[:-1]:
        ridge = foot + random.uniform(0.05, 0.3) * (_cloud(random, random.uniform(1, 2.2))[0] - 0.5)
        shade = random.uniform(0, 0.25) * (_cloud(random, 1)[..., None] - 0.5)
        soil = random.uniform((0.05, 0.15, 0.05), (0.5, 0.6, 0.45)) if natural else random.random(3)
        ground = soil + shade + random.uniform(-0.3, 0.3) * (_ROWS[..., None] - foot)
        picture = np.where((ridge < _ROWS)[..., None], ground, picture)
    return np.asarray(picture)


def _daylight(random: Generator) -> _Plane:
    above = random.uniform((0.1, 0.3, 0.5), (0.8, 0.7, 0.95))
    below = random.uniform((0.7, 0.7, 0.6), (1, 1, 1))
    return np.asarray(above + (below - above) * (_ROWS / random.uniform(0.4, 1)).clip(0, 1)[..., None])


def _page(random: Generator) -> _Plane:
    """Lines of words whose letters are strokes."""
    paper, ink = (0.95, 0.1) if random.random() < 0.75 else (0.1, 0.9)
    mask = np.zeros((_SIDE, _SIDE), dtype=bool)
    height = int(random.integers(5, 16))
    for top in range(int(random.integers(4, 30)), _SIDE - height, int(height * random.uniform(1.3, 2))):
        left = 8
        while left < _SIDE - 8 - random.integers(0, 60):
            width = int(height * random.uniform(0.3, 0.7)) + 1
            _letter(random, mask[top : top + height, left : left + width])
            left += width + 2 + (height // 2 if random.random() < 0.2 else 0)
    tint = 1 - random.uniform(0, 0.15) * random.random(3)
    return np.asarray(np.where(mask, ink, paper)[..., None] * tint)


def _letter(random: Generator, place: NDArray[np.bool_]) -> None:
    height, width = place.shape
    stroke = max(1, height // 7)
    for _ in range(int(random.integers(2, 5))):
        across, down = random.integers(0, max(1, width - stroke + 1)), random.integers(0, height)
        if random.random() < 0.5:
            place[int(random.integers(0, 1 + height // 2)) :, across : across + stroke] = True
        else:
            place[down : down + stroke] = True


def _waves(random: Generator) -> _Plane:
    """Stripes, checks and ripples from edge to edge."""
    angle, pace = random.uniform(0, np.pi), random.uniform(3, 60)
    along = np.sin(2 * np.pi * pace * (_COLUMNS * np.cos(angle) + _ROWS * np.sin(angle)))
    other = np.sin(2 * np.pi * pace * (_ROWS * np.cos(angle) - _COLUMNS * np.sin(angle)))
    share = along if random.random() < 0.5 else along * other
    return _between(random, np.sign(share) / 2 + 0.5 if random.random() < 0.5 else share / 2 + 0.5)


def _heap(random: Generator) -> _Plane:
    """Discs and boxes, one upon another, over all of it."""
    picture = np.ones((_SIDE, _SIDE, 3)) * random.random(3)
    for _ in range(int(random.integers(10, 150))):
        x, y, size = random.random(), random.random(), random.uniform(0.02, 0.25)
        across, down = np.abs(_COLUMNS - x), np.abs(_ROWS - y) * random.uniform(0.3, 3)
        there = np.hypot(across, down) < size if random.random() < 0.5 else np.maximum(across, down) < size
        picture[there] = random.random(3)
    return picture


_KINDS: Mapping[str, Callable[[Generator], _Plane]] = {
    "grains": _grains,
    "view": _view,
    "page": _page,
    "clouds": _clouds,
    "waves": _waves,
    "heap": _heap,
}
# How many of each: fewer of what is more of one kind.
_SHARES = {"grains": 36, "view": 96, "page": 36, "clouds": 16, "waves": 16, "heap": 16}
KINDS = [kind for kind, count in _SHARES.items() for _ in range(count)]
"""Of each picture, by its number."""
