"""A network read in its middle: some layers' maps, each pooled, and what a fit makes of them."""

from collections.abc import Collection, Iterable
from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import adaptive_avg_pool2d, normalize

from .fits import Fit, Pooling
from .sided import steps

POOL = "avgpool"  # every network here calls it so

_SMALLEST = 1e-6

Maps = dict[str, torch.Tensor]


class Taps(nn.Module):
    """What the named children of a network put out, in the network's order. It shares every weight."""

    def __init__(self, network: nn.Module, names: Collection[str]) -> None:
        super().__init__()
        children = _children(network)
        ends = [place for place, (name, _) in enumerate(children, 1) if name in names]
        self.names = [children[end - 1][0] for end in ends]
        self.stretches = nn.ModuleList(
            nn.Sequential(*(layer for _, layer in children[start:end])) for start, end in pairwise([0, *ends])
        )

    def forward(self, picture: torch.Tensor) -> Maps:
        maps = {}
        for name, stretch in zip(self.names, self.stretches, strict=True):
            maps[name] = picture = stretch(picture)
        return maps


class Fitted(nn.Module):
    mean: torch.Tensor
    projection: torch.Tensor

    def __init__(self, network: nn.Module, fit: Fit, device: torch.device) -> None:
        super().__init__()
        self.taps = Taps(network, layers_of(fit.pooling))
        self.pooling = fit.pooling
        self.register_buffer("mean", torch.from_numpy(fit.mean).to(device))
        self.register_buffer("projection", torch.from_numpy(fit.projection).to(device))

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        return self.vectors(self.taps(picture))

    def vectors(self, maps: Maps) -> torch.Tensor:
        return (pooled(maps, self.pooling) - self.mean) @ self.projection

    def regions(self, maps: Maps) -> torch.Tensor:
        """Where the pooling is linear: (n, rows, columns, dim), whose mean is the vector."""
        layers = [maps[pool.layer].to(torch.float32) for pool in self.pooling]
        lengths = [layer.mean((2, 3)).norm(dim=1).clamp(min=1e-12) for layer in layers]
        rows, columns = layers[-1].shape[-2:]
        parts = [
            adaptive_avg_pool2d(layer, (rows, columns)) / length[:, None, None, None]
            for layer, length in zip(layers, lengths, strict=True)
        ]
        return (torch.cat(parts, dim=1).permute(0, 2, 3, 1) - self.mean) @ self.projection


def pooled(maps: Maps, pooling: Pooling) -> torch.Tensor:
    return torch.cat(
        [normalize(_powered(_mean(maps[pool.layer], pool.p), pool.power)) for pool in pooling], dim=1
    )


def layers_of(*poolings: Pooling) -> set[str]:
    return {pool.layer for pooling in poolings for pool in pooling}


def _mean(layer: torch.Tensor, p: float) -> torch.Tensor:
    """In float32, whatever the network computes in: a third power would leave what float16 can hold."""
    layer = layer.to(torch.float32)
    if layer.ndim == 2:  # behind the network's own pool
        return layer
    if p == 1:
        return layer.mean((2, 3))
    return layer.clamp(min=_SMALLEST).pow(p).mean((2, 3)).pow(1 / p)


def _powered(features: torch.Tensor, power: float) -> torch.Tensor:
    return features if power == 1 else features.sign() * features.abs().pow(power)


def _children(network: nn.Module) -> list[tuple[str, nn.Module]]:
    return [named for step in steps(network) for named in _flattened(*step)]


def _flattened(name: str, layer: nn.Module) -> Iterable[tuple[str, nn.Module]]:
    yield name, layer
    if name == POOL:
        yield "", nn.Flatten()
