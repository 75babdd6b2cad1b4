"""Learns fits from pictures that come in a stream, without labels. What is learned is several candidates: which of them
is best only a measurement tells."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .axes import axes_of
from .backbones import Backbone
from .embedder import Embedder
from .fits import Fit, Pool, Pooling
from .moments import Moments
from .pooled import POOL

Features = list[NDArray[np.float32]]
"""For each pooling a row a picture."""

_P = 3.0
_ROOT = 0.5
# Centred or not, and how far whitened. How much there is of anything tells untrained features apart, and whitening
# brings up what is mere noise in them; for trained ones the opposite may be true.
_WAYS = ((False, 0.0), (False, 0.25), (True, 0.0), (True, 0.25), (True, 0.5), (True, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    fit: Fit
    place: int
    """Of its pooling among the features."""
    centred: bool
    exponent: float


class Fitter:
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._backbone = embedder.backbone
        self._poolings = poolings_of(self._backbone)
        self._pooler = embedder.pooler(self._poolings)
        self._moments = [Moments(_length(pooling, self._backbone)) for pooling in self._poolings]

    @property
    def pictures(self) -> int:
        """That it has learned from."""
        return self._moments[0].count

    def submit(self, pixels: Sequence[NDArray[np.uint8]]) -> Future[Features]:
        return self._embedder.submit_pooled(pixels, self._pooler)

    def learn(self, features: Features) -> None:
        for moments, rows in zip(self._moments, features, strict=True):
            moments.add(rows)

    def candidates(self, dim: int) -> list[Candidate]:
        return [candidate for place in range(len(self._poolings)) for candidate in self._at(place, dim)]

    def _at(self, place: int, dim: int) -> list[Candidate]:
        moments, pooling = self._moments[place], self._poolings[place]
        axes = {centred: axes_of(moments, dim, centred=centred) for centred in (False, True)}
        about = (self._backbone.name, self._embedder.weights.sha256, self._embedder.input_size, pooling)
        candidates = []
        for centred, exponent in _WAYS:
            found = axes[centred]
            mean, projection = found.origin.astype(np.float32), found.projection(exponent).astype(np.float32)
            candidates.append(Candidate(Fit(*about, mean, projection), place, centred, exponent))
        return candidates


def poolings_of(backbone: Backbone) -> list[Pooling]:
    """The first one is the network's own."""
    *before, last = backbone.layers
    poolings: list[Pooling] = [(Pool(last),), (Pool(last, power=_ROOT),)]
    if backbone.pooling == POOL:
        poolings.append((Pool(last, _P),))
    for layer in before:
        poolings += [(Pool(layer), Pool(last)), (Pool(layer), Pool(last, _P))]
    return poolings


def _length(pooling: Pooling, backbone: Backbone) -> int:
    return sum(backbone.layers[pool.layer] for pool in pooling)
