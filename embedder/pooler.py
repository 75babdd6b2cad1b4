"""What a fit is learned from: several poolings of the same pictures, in one pass through the network."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from .fits import Pooling
from .pooled import Taps, layers_of, pooled
from .runtime import FeatureGraph


class Pooler:
    def __init__(self, graph: FeatureGraph, poolings: Sequence[Pooling]) -> None:
        self._graph, self._poolings = graph, poolings
        self._taps = Taps(graph.network, layers_of(*poolings))

    def __call__(self, pixels: torch.Tensor) -> list[NDArray[np.float32]]:
        maps = self._taps(self._graph.picture(pixels))
        return [pooled(maps, pooling).cpu().numpy() for pooling in self._poolings]
