"""The network before it has learned anything, or as others have taught it."""

from torch import nn
from torchvision.models.resnet import Bottleneck

from embedder.backbones import Backbone, backbone_named
from embedder.config import EmbedderConfig
from embedder.weights import load_weights

from .config import TrainingConfig

NOTHING = "nothing"


def first_network(config: TrainingConfig) -> nn.Module:
    backbone = backbone_named(config.backbone)
    if config.start == NOTHING:
        return _drawn(backbone)
    loaded = load_weights(backbone, EmbedderConfig(backbone=backbone.name, weights=config.start))
    return loaded.network.requires_grad_(True)


def _drawn(backbone: Backbone) -> nn.Module:
    network = backbone.build()
    network.set_submodule(backbone.head, nn.Identity())
    for module in network.modules():
        if isinstance(module, Bottleneck):  # every block begins by doing nothing, and learns what to add
            nn.init.zeros_(module.bn3.weight)
    return network
