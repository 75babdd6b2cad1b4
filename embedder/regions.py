"""What each region of a picture adds to its vector: the network's last map, before it is pooled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from .config import Precision
from .fits import is_linear
from .pooled import POOL, Fitted, Taps, layers_of
from .runtime import FeatureGraph
from .sided import steps

REGION = 32  # pixels of what the network sees, across and down


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """`maps` is (n, side, side, channels), rows from the top, of 224 pixels 7 by 7; `vectors` is (n, dim), of whatever
    length they come."""

    maps: NDArray[np.float32]
    vectors: NDArray[np.float32]


class RegionGraph:
    """A network that is already in its place, read in the middle: it shares every weight, and needs no memory."""

    def __init__(self, graph: FeatureGraph, device: torch.device, precision: Precision) -> None:
        names, layers = zip(*steps(graph.network), strict=True)
        cut = names.index(POOL)
        self._before = FeatureGraph(nn.Sequential(*layers[:cut]), device, precision)
        self._after = nn.Sequential(layers[cut], nn.Flatten(), *layers[cut + 1 :])
        self.first_middle = _first_middle(self._before)
        self._fitted = _FittedRegions(graph, graph.fitted, names[:cut]) if graph.fitted else None

    def __call__(self, pixels: torch.Tensor) -> Regions:
        if self._fitted:
            return self._fitted(pixels)
        maps = self._before(pixels)
        # Where nothing but pooling follows there are no weights to fit, and float32 rounds less.
        dtype = next(self._after.parameters(), maps).dtype
        vectors = self._after(maps.to(dtype)).to(torch.float32)
        return Regions(maps.permute(0, 2, 3, 1).cpu().numpy(), vectors.cpu().numpy())


class _FittedRegions:
    """Where what a fit pools is linear, of each region what the fit makes of it; else the network's own last map."""

    def __init__(self, graph: FeatureGraph, fitted: Fitted, before: Sequence[str]) -> None:
        self._graph, self._fitted, self._last = graph, fitted, before[-1]
        layers = layers_of(fitted.pooling)
        self._adds_up = is_linear(fitted.pooling) and layers <= {*before}
        self._taps = Taps(graph.network, layers | {self._last})

    def __call__(self, pixels: torch.Tensor) -> Regions:
        maps = self._taps(self._graph.picture(pixels))
        last = maps[self._last].to(torch.float32).permute(0, 2, 3, 1)
        regions = self._fitted.regions(maps) if self._adds_up else last
        return Regions(regions.cpu().numpy(), self._fitted.vectors(maps).cpu().numpy())


def _first_middle(network: nn.Module) -> float:
    """Where the middle of the first region lies, in pixels of what the network sees. An odd window with its rim of
    zeros has its middle on a pixel, the first one on pixel 0: it is not the middle of a 32nd part, as one might think.
    """
    middle, step = 0.5, 1
    for layer in network.modules():
        if isinstance(layer, nn.MaxPool2d):
            middle += step * ((_side(layer.kernel_size) - 1) / 2 - _side(layer.padding))
            step *= _side(layer.stride)
    return middle


def _side(square: int | tuple[int, ...]) -> int:
    return square if isinstance(square, int) else square[0]
