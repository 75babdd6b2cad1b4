"""A ResNet50 that also answers from its middle. Beside its last layer two small asides look at what the second and the
third one see, with finer places and less far; what all three say, one behind the other, is its features. While it
learns, each is asked by itself: that teaches the lower layers sooner, and what errs differently finds more together.

Everything else has the names that torchvision gives it.
"""

from collections.abc import Iterator

import torch
from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet

ASIDES = "asides"
ENDS = "ends"
"""The step of the network in which all three end."""
PARTS = (2048, 512, 512)

_WIDTH = 256


class Sided(ResNet):  # type: ignore[misc]  # torchvision has no types
    def __init__(self) -> None:
        super().__init__(Bottleneck, [3, 4, 6, 3])
        _, second, third = PARTS
        self.asides = nn.ModuleDict({"layer2": _aside(512, 2, second), "layer3": _aside(1024, 1, third)})

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        maps = self.ends(self.layer2(self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(pictures)))))))
        features: torch.Tensor = self.fc(torch.flatten(self.avgpool(maps), 1))
        return features

    def ends(self, second: torch.Tensor) -> torch.Tensor:
        """From what the second layer put out: maps of one size, one behind the other."""
        third = self.layer3(second)
        return torch.cat(
            [self.layer4(third), self.asides["layer2"](second), self.asides["layer3"](third)], dim=1
        )


def steps(network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """What a network does, by name, one after the other: its children in their order, but for those that an aside is
    beside."""
    if not isinstance(network, Sided):
        yield from network.named_children()
        return
    for name, layer in network.named_children():
        if name == "layer3":
            yield ENDS, _Ends(network)
        elif name not in ("layer4", ASIDES):
            yield name, layer


class _Ends(nn.Module):
    def __init__(self, network: Sided) -> None:
        super().__init__()
        self.network = network

    def forward(self, second: torch.Tensor) -> torch.Tensor:
        return self.network.ends(second)


def _aside(channels: int, halvings: int, dim: int) -> nn.Sequential:
    """Its map becomes as small as the last layer's."""
    layers = [*_block(channels, _WIDTH, 1)]
    for _ in range(halvings):
        layers += _block(_WIDTH, _WIDTH, 3, stride=2)
    return nn.Sequential(*layers, *_block(_WIDTH, dim, 1))


def _block(channels: int, width: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    convolution = nn.Conv2d(channels, width, kernel, stride, kernel // 2, bias=False)
    return [convolution, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
