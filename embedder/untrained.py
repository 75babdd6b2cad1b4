"""Weights for when there are none: laid out or drawn, not learnt, and the same on every machine to the last bit.

Only exact arithmetic is used (PCG64's integers, scaled; sums of a few bits; one rounding at a time where there must be
one), so neither the processor nor its thread count matters. What such a network sees is colour and texture, not things.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray

from .backbones import Backbone
from .filters import lay_out

_SEED = 2024

Shapes = dict[str, tuple[int, ...]]


def untrained_state(backbone: Backbone) -> dict[str, torch.Tensor]:
    generator = np.random.Generator(np.random.PCG64(_SEED))
    shapes = {name: tuple(slot.shape) for name, slot in backbone.slots().items()}
    return _laid_out(shapes, generator) if backbone.laid_out else _drawn(shapes, generator)


def _laid_out(shapes: Shapes, generator: np.random.Generator) -> dict[str, torch.Tensor]:
    state = {
        name: np.zeros(shape, np.float32) if len(shape) > 1 else _vector(name, shape)
        for name, shape in shapes.items()
    }
    lay_out(state, generator)
    # Rounded to what bfloat16 holds, the numbers are the same in every precision, which matters to narrow ranges.
    return {name: torch.from_numpy(numbers).bfloat16().float() for name, numbers in state.items()}


def _drawn(shapes: Shapes, generator: np.random.Generator) -> dict[str, torch.Tensor]:
    state = {
        name: _kernel(generator, shape) if len(shape) > 1 else _vector(name, shape)
        for name, shape in shapes.items()
    }
    _turn_odd(next(numbers for numbers in state.values() if numbers.ndim == 4))
    return {name: torch.from_numpy(numbers) for name, numbers in state.items()}


def _kernel(generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    bound = np.float32(math.sqrt(6 / math.prod(shape[1:])))
    numbers = generator.random(shape, dtype=np.float32)
    numbers *= np.float32(2)
    numbers -= np.float32(1)
    numbers *= bound
    return numbers


def _vector(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Biases of zero, and normalisations that do nothing."""
    return np.full(shape, 0 if name.endswith(("bias", "running_mean")) else 1, np.float32)


def _turn_odd(kernel: NDArray[np.float32]) -> None:
    """Point-symmetric with the sign turned, so that each filter sums to exactly zero: the first layer then sees
    edges and not brightness, without which all pictures look alike to a random network."""
    flat = kernel.reshape(*kernel.shape[:2], -1)
    half = flat.shape[2] // 2
    flat[:, :, half] = 0
    flat[:, :, -half:] = -flat[:, :, :half][:, :, ::-1]
