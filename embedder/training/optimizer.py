"""How fast is learned, and when."""

import math
from typing import Any

import torch
from torch import nn

from .config import TrainingConfig

_MOMENTUM = 0.9
_WARM_UP = 0.1


class Descent:
    """Down the gradients of a network's parameters, in so many steps."""

    def __init__(self, parameters: list[nn.Parameter], config: TrainingConfig, steps: int) -> None:
        self._parameters, self._steps, self._highest = parameters, steps, config.learning_rate
        self._plain = [nn.Parameter(_plain(each.detach())) for each in parameters]
        decay = config.weight_decay / (config.learning_rate * steps)
        # What scales and shifts is few numbers, and is not pulled towards zero.
        groups = [
            {"params": [each for each in self._plain if each.ndim > 1], "weight_decay": decay},
            {"params": [each for each in self._plain if each.ndim <= 1], "weight_decay": 0.0},
        ]
        # Fused: a network has millions of weights, and a pass over them for every operation takes longer than a lesson.
        self._sgd = torch.optim.SGD(
            groups, lr=config.learning_rate, momentum=_MOMENTUM, nesterov=True, fused=True
        )

    def step(self, number: int) -> None:
        """The gradients are gone then."""
        for group in self._sgd.param_groups:
            group["lr"] = self._highest * rate(number, self._steps)
        for parameter, plain in zip(self._parameters, self._plain, strict=True):
            plain.grad = None if parameter.grad is None else _plain(parameter.grad)
            parameter.grad = None
        self._sgd.step()
        self._sgd.zero_grad()

    def state_dict(self) -> dict[str, Any]:
        return self._sgd.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._sgd.load_state_dict(state)


def _plain(numbers: torch.Tensor) -> torch.Tensor:
    """The same ones, by the order in which they lie in memory: of any other a fused step makes copies, and takes three
    times as long."""
    last = numbers.ndim == 4 and numbers.is_contiguous(memory_format=torch.channels_last)
    return numbers.permute(0, 2, 3, 1) if last else numbers


def rate(step: int, steps: int) -> float:
    """As a share of the highest: up in a line, down along a cosine."""
    done = (step + 0.5) / steps
    if done < _WARM_UP:
        return done / _WARM_UP
    return (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP))) / 2
