"""A fit: how the features of a network become vectors that are shorter and tell more; `fitting` learns it.

It is kept as a .safetensors file: `mean`, `projection`, and in the metadata a card that says what they belong to. A fit
is for one network with one set of weights, and for any other it is refused.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from .backbones import Backbone
from .cards import CARD, card_text, read_card
from .errors import WeightsCorrupt, WeightsMismatch, WeightsMissing

VERSION = 1
LARGEST_P, SMALLEST_POWER = 10.0, 0.1

_LARGEST_FILE = 300_000_000
_TENSORS = ("mean", "projection")

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pool:
    """What is read off a layer: over the places of its map the generalised mean (1 is the mean, more leans towards the
    maximum), to the `power` given, and at unit length."""

    layer: str
    p: float = 1.0
    power: float = 1.0

    def __str__(self) -> str:
        kind = "avg" if self.p == 1 else f"GeM({self.p:g})"
        return f"{self.layer} {kind}" + ("" if self.power == 1 else f"^{self.power:g}")


Pooling = tuple[Pool, ...]
"""One after the other."""


def is_linear(pooling: Pooling) -> bool:
    """In the maps, as far as their lengths are known."""
    return all(pool.p == 1 and pool.power == 1 for pool in pooling)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    backbone: str
    weights: str
    input_size: int
    pooling: Pooling
    mean: Numbers
    projection: Numbers
    notes: dict[str, Any] = field(default_factory=dict)
    """How it was come by: they decide nothing."""

    @property
    def dim(self) -> int:
        return int(self.projection.shape[1])

    def vectors(self, features: Numbers) -> Numbers:
        """Of rows that were pooled as this fit wants them."""
        vectors: Numbers = np.dot(features - self.mean, self.projection)
        return vectors

    @property
    def digest(self) -> str:
        """Over all that decides a vector, so that it stays when only the notes change."""
        digest = hashlib.sha256(card_text(self._settings()).encode())
        for numbers in (self.mean, self.projection):
            digest.update(f"{numbers.shape}\n".encode())
            digest.update(numbers.astype("<f4", "C").tobytes())
        return digest.hexdigest()

    @property
    def card(self) -> dict[str, Any]:
        return {"kind": "fit", "version": VERSION, "dim": self.dim} | self._settings() | {"notes": self.notes}

    def file(self) -> bytes:
        tensors = {"mean": self.mean, "projection": np.ascontiguousarray(self.projection)}
        return save(tensors, {CARD: card_text(self.card)})

    def check(self, weights: str, input_size: int) -> None:
        if (self.weights, self.input_size) != (weights, input_size):
            raise WeightsMismatch(
                f"The fit was made on weights {self.weights[:8]} at {self.input_size} pixels, and those that were "
                f"loaded are {weights[:8]} at {input_size}. Make it anew with `vizinho fit`, or load those weights."
            )

    def _settings(self) -> dict[str, Any]:
        return {
            "backbone": self.backbone,
            "weights": self.weights,
            "input_size": self.input_size,
            "pooling": [asdict(pool) for pool in self.pooling],
        }


def read_fit(path: Path, backbone: Backbone) -> Fit:
    if not path.is_file():
        raise WeightsMissing(f"There is no fit at {path}.")
    try:
        tensors = _tensors(path)
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        raise WeightsCorrupt(f"{path} is no readable fit: {error}") from error
    card = read_card(path)
    if card.get("kind") != "fit" or card.get("version") != VERSION:
        raise WeightsMismatch(f"{path} is no fit of version {VERSION}.")
    return _checked(card, tensors, path, backbone)


def _tensors(path: Path) -> dict[str, Numbers]:
    if path.stat().st_size > _LARGEST_FILE:
        raise ValueError("it is too large")
    with safe_open(path, framework="numpy") as file:
        if set(file.keys()) != set(_TENSORS):
            raise ValueError(f"it does not hold {' and '.join(_TENSORS)} alone")
        return {name: file.get_tensor(name) for name in _TENSORS}


def _checked(card: dict[str, Any], tensors: dict[str, Numbers], path: Path, backbone: Backbone) -> Fit:
    if card.get("backbone") != backbone.name:
        raise WeightsMismatch(
            f"{path} was made for {str(card.get('backbone'))[:40]}, and the backbone is {backbone.name}."
        )
    pooling = _pooling(card.get("pooling"), backbone)
    weights, input_size = card.get("weights"), card.get("input_size")
    if not pooling or not isinstance(weights, str) or type(input_size) is not int:
        raise WeightsMismatch(f"The card of {path} does not say how to read {backbone.name}.")
    _check_tensors(tensors, sum(backbone.every_layer[pool.layer] for pool in pooling), path)
    notes = card.get("notes")
    return Fit(
        backbone.name,
        weights,
        input_size,
        pooling,
        notes=notes if isinstance(notes, dict) else {},
        **tensors,
    )


def _pooling(said: object, backbone: Backbone) -> Pooling:
    """Empty where it says nothing of use."""
    if not isinstance(said, list) or not all(_is_pool(each, backbone) for each in said):
        return ()
    return tuple(Pool(each["layer"], float(each["p"]), float(each["power"])) for each in said)


def _is_pool(said: object, backbone: Backbone) -> bool:
    return (
        isinstance(said, dict)
        and said.keys() == {"layer", "p", "power"}
        and isinstance(said["layer"], str)
        and said["layer"] in backbone.every_layer
        and _within(said["p"], 1, LARGEST_P)
        and _within(said["power"], SMALLEST_POWER, 1)
    )


def _within(value: Any, least: float, most: float) -> bool:
    return type(value) in (int, float) and least <= value <= most


def _check_tensors(tensors: dict[str, Numbers], length: int, path: Path) -> None:
    mean, projection = tensors["mean"], tensors["projection"]
    dim = projection.shape[1] if projection.ndim == 2 else 0
    if mean.shape != (length,) or projection.shape != (length, dim) or not 1 <= dim <= length:
        raise WeightsMismatch(
            f"{path} holds a mean {mean.shape} and a projection {projection.shape} for features of {length}."
        )
    for name, numbers in tensors.items():
        if numbers.dtype != np.float32 or not np.isfinite(numbers).all():
            raise WeightsCorrupt(f"{path} holds values in {name!r} that are not finite numbers of 32 bits.")
