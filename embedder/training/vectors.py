"""What a network makes of pictures that are looked at as they will be when it serves: their middle, unturned."""

from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from embedder.lanes import Lanes

from .replicas import Learner

_AT_ONCE = 32
_ENOUGH = 256  # pictures, for what the normalisations have to know

Pixels = NDArray[np.uint8]


def vectors_of(learner: Learner, pixels: Pixels, resize: int, size: int, lanes: Lanes) -> NDArray[np.float32]:
    learner.eval()

    def vectors(start: int) -> NDArray[np.float32]:
        with torch.inference_mode():
            features = learner.features(_pictures(learner, pixels[start : start + _AT_ONCE], resize, size))
        found: NDArray[np.float32] = functional.normalize(features).cpu().numpy()
        return found

    begun = [lanes.submit(partial(vectors, start)) for start in range(0, len(pixels), _AT_ONCE)]
    return np.concatenate([future.result() for future in begun])


def settle(learner: Learner, pixels: Pixels, resize: int, size: int) -> None:
    """While it learned, the normalisations saw pictures that were cropped and turned, and smaller: they are told anew
    what is usual."""
    norms = [module for module in learner.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain average of all that come
    learner.train()
    step = max(1, len(pixels) // _ENOUGH)
    with torch.no_grad():
        some = pixels[::step][:_ENOUGH]
        # Each of all ends of the catalogue: pictures that follow each other are alike, and vary less than all do.
        batches = max(1, len(some) // _AT_ONCE)
        for first in range(batches):
            learner.features(_pictures(learner, some[first::batches], resize, size))
    learner.eval()


def _pictures(learner: Learner, pixels: Pixels, resize: int, size: int) -> torch.Tensor:
    pictures = torch.from_numpy(np.ascontiguousarray(pixels)).to(learner.mean.device)
    pictures = pictures.permute(0, 3, 1, 2).to(torch.float32)
    pictures = functional.interpolate(
        pictures, size=(resize, resize), mode="bilinear", antialias=True, align_corners=False
    )
    first = (resize - size) // 2
    middle = slice(first, first + size)
    return pictures[:, :, middle, middle]
