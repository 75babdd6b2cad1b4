"""The network before it has learned anything, or as others have taught it."""

from torch import nn
from torchvision.models.resnet import Bottleneck

from embedder.backbones import Backbone, backbone_named
from embedder.config import EmbedderConfig
from embedder.weights import load_weights

from .config import TrainingConfig

NOTHING = "nothing"


def first_network(config: TrainingConfig) -> tuple[nn.Module, Backbone]:
    """What starts from nothing learns with asides, if there are any; what others have taught goes on as it is."""
    backbone = backbone_named(config.backbone)
    if config.start == NOTHING:
        backbone = backbone.sided or backbone
        return _drawn(backbone), backbone
    loaded = load_weights(backbone, EmbedderConfig(backbone=backbone.name, weights=config.start))
    return loaded.network.requires_grad_(True), loaded.backbone


def _drawn(backbone: Backbone) -> nn.Module:
    network = backbone.build()
    network.set_submodule(backbone.head, nn.Identity())
    for module in network.modules():
        if isinstance(module, Bottleneck):  # every block begins by doing nothing, and learns what to add
            nn.init.zeros_(module.bn3.weight)
    return network
