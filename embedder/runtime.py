"""Where the network runs, in what precision, and the graph that runs there.

`FeatureGraph` is the whole of it, uint8 pixels in and float32 vectors out, so that whoever compiles it compiles
everything: anything that maps the same tensor to the same tensor can stand in its place.
"""

from itertools import pairwise
from typing import Literal

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .backbones import INPUT_SIZE, MEAN, STD
from .config import Precision
from .errors import DeviceUnavailable
from .fits import Fit
from .pooled import Fitted

_DTYPES: dict[Precision, torch.dtype] = {
    "float32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
}
# Emulated, bfloat16 is slower than float32: only these do it in hardware.
_BFLOAT16_FEATURES = ("amx_bf16", "avx512_bf16")


def choose_device(asked: str) -> torch.device:
    if asked == "cpu" or (asked == "auto" and not torch.cuda.is_available()):
        return torch.device("cpu")
    if not torch.cuda.is_available():
        raise DeviceUnavailable(f"Device {asked!r} was asked for, but PyTorch finds no usable CUDA GPU here.")
    index = torch.device("cuda" if asked == "auto" else asked).index or 0
    if index >= torch.cuda.device_count():
        raise DeviceUnavailable(
            f"Device {asked!r} was asked for; there are {torch.cuda.device_count()} GPUs."
        )
    return torch.device("cuda", index)


def choose_precision(asked: Literal["auto"] | Precision, device: torch.device) -> Precision:
    if asked != "auto":
        return asked
    if device.type == "cuda":
        return "float16"
    capabilities = torch.cpu.get_capabilities()
    return "bfloat16" if any(capabilities.get(name) for name in _BFLOAT16_FEATURES) else "float32"


class FeatureGraph(nn.Module):
    """(n, height, width, 3) uint8 to (n, dim) float32."""

    scale: torch.Tensor
    shift: torch.Tensor

    def __init__(
        self,
        network: nn.Module,
        device: torch.device,
        precision: Precision,
        fit: Fit | None = None,
        *,
        input_size: int = INPUT_SIZE,
    ) -> None:
        super().__init__()
        self.picture_shape = (input_size, input_size, 3)
        _fold_batch_norms(network)
        self.dtype = _DTYPES[precision]
        # In place: a copy of vgg16 would be another half a gigabyte.
        self.network = network.to(device, self.dtype).to(memory_format=torch.channels_last)
        self.fitted = Fitted(self.network, fit, device) if fit else None
        deviation = torch.tensor(STD, device=device)
        self.register_buffer("scale", 1 / (255 * deviation))
        self.register_buffer("shift", -torch.tensor(MEAN, device=device) / deviation)
        self.eval().requires_grad_(False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = (self.fitted or self.network)(self.picture(pixels))
        return features.to(torch.float32)

    def picture(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the network is given."""
        # Normalised in float32, and here rather than in the first convolution, whose zero padding stands for the
        # mean colour and not for black. The permutation alone makes the layout channels-last.
        colours = pixels.to(torch.float32) * self.scale + self.shift
        return colours.to(self.dtype).permute(0, 3, 1, 2)


def _fold_batch_norms(network: nn.Module) -> None:
    """Every network here registers a normalisation right after the convolution that feeds it."""
    modules = [(name, module) for name, module in network.named_modules() if not any(module.children())]
    for (conv_name, conv), (norm_name, norm) in pairwise(modules):
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            network.set_submodule(conv_name, fuse_conv_bn_eval(conv, norm))
            network.set_submodule(norm_name, nn.Identity())
