"""Weights for when there are none: drawn, not learnt, and the same on every machine to the last bit.

Only exact arithmetic is used (PCG64's integers, scaled by powers of two; one rounding in float32 per number), so
neither the processor nor its thread count matters. What such a network sees is texture and edges, not things.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray

from .backbones import Backbone

_SEED = 2024
# Sixteen residual branches at full strength would add up to more than float16 can hold.
_BRANCH_GAIN = 0.2


def untrained_state(backbone: Backbone) -> dict[str, torch.Tensor]:
    generator = np.random.Generator(np.random.PCG64(_SEED))
    state: dict[str, torch.Tensor] = {}
    shapes = {name: tuple(slot.shape) for name, slot in backbone.slots().items()}
    first = next(name for name, shape in shapes.items() if len(shape) == 4)
    for name, shape in shapes.items():
        if len(shape) > 1:
            kernel = _drawn(generator, shape)
            if name == first:
                _turn_odd(kernel)
            elif backbone.last_stage and name.startswith(backbone.last_stage):
                _balance(kernel)
            state[name] = torch.from_numpy(kernel)
        else:
            state[name] = torch.full(shape, _constant(name, backbone))
    return state


def _drawn(generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    bound = np.float32(math.sqrt(6 / math.prod(shape[1:])))
    numbers = generator.random(shape, dtype=np.float32)
    numbers *= np.float32(2)
    numbers -= np.float32(1)
    numbers *= bound
    return numbers


def _turn_odd(kernel: NDArray[np.float32]) -> None:
    """Point-symmetric with the sign turned, so that each filter sums to exactly zero: the first layer then sees
    edges and not brightness, without which all pictures look alike to a random network."""
    flat = kernel.reshape(*kernel.shape[:2], -1)
    half = flat.shape[2] // 2
    flat[:, :, half] = 0
    flat[:, :, -half:] = -flat[:, :, :half][:, :, ::-1]


def _balance(kernel: NDArray[np.float32]) -> None:
    """One half of the inputs against the other: what all pictures have in common mostly cancels out."""
    half = kernel.shape[1] // 2
    kernel[:, half:] = -kernel[:, :half]


def _constant(name: str, backbone: Backbone) -> float:
    if name.endswith(("bias", "running_mean")):
        return 0.0
    if backbone.branch_end and name.endswith(backbone.branch_end):
        return _BRANCH_GAIN
    return 1.0
