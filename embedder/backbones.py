"""The networks that can be asked for by name. A new one is one entry here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

import torch
from torch import nn
from torchvision.models import mobilenet_v3_large, resnet50, vgg16

from .errors import ConfigError
from .sided import ASIDES, ENDS, PARTS, Sided

Release = Literal["imagenet-v1", "imagenet-v2"]

INPUT_SIZE = 224
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
V1_RESIZE = 256
TRAINING_ONLY = "num_batches_tracked"  # counts training steps; old files do not have it


@dataclass(frozen=True, slots=True)
class WeightsSource:
    """One published file. Its name ends with the first hex digits of its own sha256."""

    url: str
    resize: int

    @property
    def filename(self) -> str:
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def sha256_prefix(self) -> str:
        return PurePosixPath(self.filename).stem.rpartition("-")[2]


@dataclass(frozen=True, slots=True)
class Backbone:
    """`head` names the submodule that is cut off: what is left of the network ends in `dim` features. Untrained
    weights are drawn at random, unless they can be `laid_out`. `layers` are the children of the network that a fit may
    read, in its order, with how many features each gives; the last one is what the network ends in."""

    name: str
    dim: int
    pooling: str
    head: str
    build: Callable[[], nn.Module]
    sources: dict[Release, WeightsSource]
    laid_out: bool = False
    layers: dict[str, int] = field(default_factory=dict)
    parts: tuple[int, ...] = ()
    """Of its features, where several ends of the network each give some; else they are one."""
    sided: "Backbone | None" = None
    """With asides, as it learns from nothing."""

    def of(self, tensors: Collection[str]) -> "Backbone":
        """It or its sided one, whichever weights of these names are for."""
        if self.sided and any(name.startswith(f"{ASIDES}.") for name in tensors):
            return self.sided
        return self

    @property
    def every_layer(self) -> dict[str, int]:
        return self.layers | (self.sided.layers if self.sided else {})

    def features(self) -> nn.Module:
        """The network without its head and without memory for its weights, which are to be assigned."""
        with torch.device("meta"):
            network = self.build()
        network.set_submodule(self.head, nn.Identity())
        return network

    def slots(self) -> dict[str, torch.Tensor]:
        """Every tensor that decides a vector, by name, as a shape without contents."""
        tensors = self.features().state_dict()
        return {name: tensor for name, tensor in tensors.items() if not name.endswith(TRAINING_ONLY)}


def _published(file: str, resize: int) -> WeightsSource:
    return WeightsSource(f"https://download.pytorch.org/models/{file}", resize)


BACKBONES: dict[str, Backbone] = {
    backbone.name: backbone
    for backbone in (
        Backbone(
            name="resnet50",
            dim=2048,
            pooling="avgpool",
            head="fc",
            build=resnet50,
            sources={
                "imagenet-v1": _published("resnet50-0676ba61.pth", V1_RESIZE),
                "imagenet-v2": _published("resnet50-11ad3fa6.pth", 232),
            },
            laid_out=True,
            layers={"layer3": 1024, "layer4": 2048},
            sided=Backbone(
                name="resnet50",
                dim=sum(PARTS),
                pooling="avgpool",
                head="fc",
                build=Sided,
                sources={},
                layers={ENDS: sum(PARTS)},
                parts=PARTS,
            ),
        ),
        Backbone(
            name="vgg16",
            dim=4096,
            pooling="fc2",
            head="classifier.6",
            build=vgg16,
            sources={"imagenet-v1": _published("vgg16-397923af.pth", V1_RESIZE)},
            layers={"classifier": 4096},
        ),
        Backbone(
            name="mobilenet_v3_large",
            dim=960,
            pooling="avgpool",
            head="classifier",
            build=mobilenet_v3_large,
            sources={
                "imagenet-v1": _published("mobilenet_v3_large-8738ca79.pth", V1_RESIZE),
                "imagenet-v2": _published("mobilenet_v3_large-5c1a4163.pth", 232),
            },
            layers={"features": 960},
        ),
    )
}


def backbone_named(name: str) -> Backbone:
    try:
        return BACKBONES[name]
    except KeyError:
        raise ConfigError(f"Backbone {name!r} is not one of {', '.join(BACKBONES)}.") from None
