"""Each question to each part of the network's features, of which only the direction counts: it is by direction that
they will be compared."""

import math
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional

from .labels import UNKNOWN, Question

_SUREST = 0.6
"""The probability of a value that a picture points exactly at. Never nearly 1: an answer that can be sure from some way
off lets products of one kind stay apart. A question with few values is so less sharp than one with many, and pulls
less."""

_LOUDNESS = 4.0
"""Of the question with the most values: where all have few, and none is sharp, lessons would come to nothing."""

_BESIDE = 0.4
"""How much the answers of a part that is beside the first one count."""


class Heads(nn.Module):
    def __init__(self, questions: Sequence[Question], parts: Sequence[int]) -> None:
        super().__init__()
        self._parts = list(parts)
        self.parts = nn.ModuleList(_PartHeads(questions, dim) for dim in parts)

    def forward(self, features: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        parts = torch.split(features, self._parts, dim=1)
        first, *beside = [heads(part, answers) for heads, part in zip(self.parts, parts, strict=True)]
        loss: torch.Tensor = sum(beside) * _BESIDE + first
        return loss


class _PartHeads(nn.Module):
    def __init__(self, questions: Sequence[Question], dim: int) -> None:
        super().__init__()
        self.weights = nn.ParameterList(
            nn.Parameter(torch.randn(len(q.values), dim) * 0.02) for q in questions
        )
        self._sharpness = [_sharpness(len(q.values)) for q in questions]
        loudness = _LOUDNESS / max(self._sharpness)
        self._loudness = [loudness * question.weight for question in questions]

    def forward(self, features: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """The loss over (n, questions) answers; a picture without an answer is not asked."""
        directions = functional.normalize(features)
        losses = [
            loudness
            * functional.cross_entropy(
                sharpness * functional.linear(directions, functional.normalize(weights)),
                answers[:, place],
                ignore_index=UNKNOWN,
                reduction="sum",
            )
            for place, (weights, sharpness, loudness) in enumerate(
                zip(self.weights, self._sharpness, self._loudness, strict=True)
            )
        ]
        return torch.stack(losses).sum() / len(features)


def _sharpness(values: int) -> float:
    """With which an answer is at its surest, if no other value's direction is near."""
    return math.log(_SUREST / (1 - _SUREST) * (values - 1))
