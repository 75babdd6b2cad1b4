"""The network before it has learned anything, or as others have taught it."""

from torch import nn
from torchvision.models.resnet import Bottleneck

from embedder.backbones import Backbone, backbone_named
from embedder.config import EmbedderConfig
from embedder.weights import load_weights

from .config import TrainingConfig

NOTHING = "nothing"


def first_network(config: TrainingConfig) -> nn.Module:
    backbone = trained(config)
    if config.start == NOTHING:
        return _drawn(backbone)
    loaded = load_weights(
        backbone_named(config.backbone), EmbedderConfig(backbone=backbone.name, weights=config.start)
    )
    if loaded.backbone == backbone:
        return loaded.network.requires_grad_(True)
    network = _built(backbone)
    network.load_state_dict(loaded.network.state_dict(), strict=False)  # all but the asides, which are new
    return network


def trained(config: TrainingConfig) -> Backbone:
    """What comes out."""
    backbone = backbone_named(config.backbone)
    return backbone.sided or backbone


def _drawn(backbone: Backbone) -> nn.Module:
    network = _built(backbone)
    for module in network.modules():
        if isinstance(module, Bottleneck):  # every block begins by doing nothing, and learns what to add
            nn.init.zeros_(module.bn3.weight)
    return network


def _built(backbone: Backbone) -> nn.Module:
    network = backbone.build()
    network.set_submodule(backbone.head, nn.Identity())
    return network
