"""The same product, photographed otherwise: nearer or farther, off the middle, mirrored, leaning, lit differently.
Never in another colour, for that would be another product."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch.nn import functional

_CLOSEST, _FARTHEST = 0.45, 1.1  # the share of the picture's area that is seen
_STRETCH = 0.2
_LEAN = 0.15  # radians
_LIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Views:
    """How each picture of a batch is looked at: drawn at once, so that whoever computes them cannot change the dice."""

    frames: NDArray[np.float32]
    light: NDArray[np.float32]
    contrast: NDArray[np.float32]

    def part(self, rows: slice) -> "Views":
        return Views(self.frames[rows], self.light[rows], self.contrast[rows])


def drawn_views(count: int, dice: Generator) -> Views:
    side = np.sqrt(dice.uniform(_CLOSEST, _FARTHEST, count))
    stretch = np.exp(dice.uniform(-_STRETCH, _STRETCH, count))
    across, down = np.minimum(side * stretch, 1.1), np.minimum(side / stretch, 1.1)
    mirrored = across * dice.choice([-1, 1], count)
    lean = dice.uniform(-_LEAN, _LEAN, count)
    right = dice.uniform(-1, 1, count) * np.abs(1 - across)
    below = dice.uniform(-1, 1, count) * np.abs(1 - down)
    rows = (
        (mirrored * np.cos(lean), -down * np.sin(lean), right),
        (mirrored * np.sin(lean), down * np.cos(lean), below),
    )
    frames = np.stack([np.stack(row, 1) for row in rows], 1).astype(np.float32)
    light, contrast = dice.uniform(1 - _LIGHT, 1 + _LIGHT, (2, count, 1, 1, 1)).astype(np.float32)
    return Views(frames, light, contrast)


def seen(pixels: torch.Tensor, views: Views, size: int) -> torch.Tensor:
    """(n, side, side, 3) uint8 to (n, 3, size, size) in the same range, on whatever device the pixels are."""
    pictures = pixels.permute(0, 3, 1, 2).to(torch.float32)
    if size * _TOO_FINE < pictures.shape[2]:
        pictures = functional.interpolate(pictures, size=(int(size * _TOO_FINE),) * 2, mode="area")
    frames = torch.from_numpy(views.frames).to(pictures.device)
    grid = functional.affine_grid(frames, [len(pictures), 3, size, size], align_corners=False)
    found = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    light, contrast = (torch.from_numpy(each).to(pictures.device) for each in (views.light, views.contrast))
    middle = found.mean((1, 2, 3), keepdim=True)
    return ((found - middle) * contrast + middle) * light


_TOO_FINE = 1.3  # samples between pixels, beyond which points would be picked out of what should be averaged
