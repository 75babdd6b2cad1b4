"""One network on every core: each computes its share of a batch alone, for threads that share a layer wait for each
other at every one of them, and for longest where another program takes one of their cores. On a GPU there is one."""

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from embedder.backbones import MEAN, STD
from embedder.lanes import Lanes
from embedder.runtime import choose_precision

from .augmentation import Views, seen
from .heads import Heads

Share = tuple[torch.Tensor, Views, torch.Tensor]
"""Pixels, how to look at them, and what to answer."""

Ask = Callable[[torch.Tensor, torch.Tensor], Any]
"""What a `Learner` does, or its compiled twin."""


class Learner(nn.Module):
    """Pixels and answers to a loss."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, network: nn.Module, heads: Heads, precision: torch.dtype = torch.float32) -> None:
        """`precision` is that of what the network multiplies; its weights and the questions stay in full."""
        super().__init__()
        self.network, self.heads, self.precision = network, heads, precision
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1) * 255)
        self.register_buffer("deviation", torch.tensor(STD).view(1, 3, 1, 1) * 255)

    def features(self, pictures: torch.Tensor) -> torch.Tensor:
        """(n, 3, size, size) from 0 to 255."""
        colours = ((pictures - self.mean) / self.deviation).contiguous(memory_format=torch.channels_last)
        lower = self.precision != torch.float32
        with torch.autocast(self.mean.device.type, self.precision, enabled=lower):
            features: torch.Tensor = self.network(colours)
        return features.to(torch.float32)

    def forward(self, pictures: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        loss: torch.Tensor = self.heads(self.features(pictures), answers)
        return loss


class Replicas:
    """They share their weights, and each has gradients of its own until they are added up: always in the same order, so
    that the sum does not depend on who is done first. What the normalisations have seen is not shared: nobody asks for
    it before they are settled."""

    def __init__(self, learner: Learner, lanes: Lanes, *, compiled: bool = False) -> None:
        """Compiled, the first step takes a minute."""
        self._lanes = lanes
        self._all = [learner, *(_sharing(learner) for _ in range(lanes.count - 1))]
        self._asked = [torch.compile(each) if compiled else each for each in self._all]

    def gradients(self, shares: Sequence[Share], size: int) -> float:
        """Left in the first one's parameters; gives the loss of the whole batch."""
        count = sum(len(answers) for _, _, answers in shares)
        begun = [
            self._lanes.submit(partial(self._loss, asked, share, size, count))
            for asked, share in zip(self._asked, shares, strict=False)
        ]
        loss = sum(future.result() for future in begun)
        self._add_up(len(begun))
        return loss

    def _loss(self, asked: Ask, share: Share, size: int, count: int) -> float:
        pixels, views, answers = share
        device = self._all[0].mean.device
        with torch.no_grad():
            pictures = seen(pixels.to(device), views, size)
        loss = asked(pictures, answers.to(device)) * (len(answers) / count)
        loss.backward()
        return float(loss.detach())

    def _add_up(self, used: int) -> None:
        for parameters in zip(*(replica.parameters() for replica in self._all[:used]), strict=True):
            first, *others = parameters
            for other in others:
                first.grad.add_(other.grad)
                other.grad = None


def _sharing(learner: Learner) -> Learner:
    twin = copy.deepcopy(learner)
    for mine, theirs in zip(learner.parameters(), twin.parameters(), strict=True):
        theirs.data = mine.data
    return twin


def training_precision(device: torch.device) -> torch.dtype:
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    return torch.bfloat16 if choose_precision("auto", device) == "bfloat16" else torch.float32
