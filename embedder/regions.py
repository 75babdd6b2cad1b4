"""What each region of a picture adds to its vector: the network's last map, before it is pooled."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from .config import Precision
from .runtime import FeatureGraph

REGIONS = 7  # across and down: 224 pixels in steps of 32

_POOLING = "avgpool"  # every network here calls it so, and calls its children in their order


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """`maps` is (n, 7, 7, channels), rows from the top; `vectors` is (n, dim), of whatever length they come."""

    maps: NDArray[np.float32]
    vectors: NDArray[np.float32]


class RegionGraph:
    """A network that is already in its place, read in the middle: it shares every weight, and needs no memory."""

    def __init__(self, graph: FeatureGraph, device: torch.device, precision: Precision) -> None:
        names, layers = zip(*graph.network.named_children(), strict=True)
        cut = names.index(_POOLING)
        self._before = FeatureGraph(nn.Sequential(*layers[:cut]), device, precision)
        self._after = nn.Sequential(layers[cut], nn.Flatten(), *layers[cut + 1 :])
        self.first_middle = _first_middle(self._before)

    def __call__(self, pixels: torch.Tensor) -> Regions:
        maps = self._before(pixels)
        # Where nothing but pooling follows there are no weights to fit, and float32 rounds less.
        dtype = next(self._after.parameters(), maps).dtype
        vectors = self._after(maps.to(dtype)).to(torch.float32)
        return Regions(maps.permute(0, 2, 3, 1).cpu().numpy(), vectors.cpu().numpy())


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
