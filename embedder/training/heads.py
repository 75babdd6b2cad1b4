"""One question each to the network's features, of which only the direction counts: it is by direction that they will be
compared."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from .labels import UNKNOWN, Question

_SHARPNESS = 10.0
"""So little that an answer is sure only where the direction is nearly that of its value: with more of it, products of
one kind need not come close to each other."""


class Heads(nn.Module):
    def __init__(self, questions: Sequence[Question], dim: int, smoothing: float) -> None:
        super().__init__()
        self.weights = nn.ParameterList(
            nn.Parameter(torch.randn(len(q.values), dim) * 0.02) for q in questions
        )
        self._smoothing = smoothing

    def forward(self, features: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """The loss over (n, questions) answers; a picture without an answer is not asked."""
        directions = functional.normalize(features.to(torch.float32))
        losses = [
            functional.cross_entropy(
                _SHARPNESS * functional.linear(directions, functional.normalize(weights)),
                answers[:, place],
                ignore_index=UNKNOWN,
                label_smoothing=self._smoothing,
                reduction="sum",
            )
            for place, weights in enumerate(self.weights)
        ]
        return torch.stack(losses).sum() / len(features)
