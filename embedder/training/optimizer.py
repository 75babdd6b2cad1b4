"""How fast is learned, and when."""

import math

import torch

from .config import TrainingConfig
from .replicas import Learner

_MOMENTUM = 0.9
_WARM_UP = 0.1


def optimizer_for(learner: Learner, config: TrainingConfig, steps: int) -> torch.optim.SGD:
    """What scales and shifts is few numbers, and is not pulled towards zero."""
    parameters = list(learner.parameters())
    decay = config.weight_decay / (config.learning_rate * steps)
    groups = [
        {"params": [each for each in parameters if each.ndim > 1], "weight_decay": decay},
        {"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0},
    ]
    # Fused: a network has millions of weights, and a pass over them for every operation takes longer than a lesson.
    return torch.optim.SGD(groups, lr=config.learning_rate, momentum=_MOMENTUM, nesterov=True, fused=True)


def rate(step: int, steps: int) -> float:
    """As a share of the highest: up in a line, down along a cosine."""
    done = (step + 0.5) / steps
    if done < _WARM_UP:
        return done / _WARM_UP
    return (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP))) / 2
