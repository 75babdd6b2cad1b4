"""Convolutions done as products of matrices where that is faster. On a processor it is, where they see single pixels,
and where a map has hardly any, as the last ones of small pictures have. Their weights lie as products want them,
channels last."""

import torch
from torch import nn
from torch.nn import functional

_FEW = 4  # pixels of a map


class Product(nn.Conv2d):
    def forward(self, features: torch.Tensor) -> torch.Tensor:
        rows = features.permute(0, 2, 3, 1)
        down, right = self.stride
        kept = rows[:, ::down, ::right]  # as many as come out, whatever the kernel
        if self.kernel_size != (1, 1):
            if kept.shape[1] * kept.shape[2] > _FEW:
                return super().forward(features)
            kept = self._windows(rows)
        weights = self.weight.permute(0, 2, 3, 1).flatten(1)
        # As one matrix: of more dimensions torch makes a product a picture, wherever no gradient is asked for.
        product = functional.linear(kept.flatten(0, 2), weights, self.bias)
        return product.view(*kept.shape[:3], -1).permute(0, 3, 1, 2)

    def _windows(self, rows: torch.Tensor) -> torch.Tensor:
        """What each pixel that comes out is made of, one behind the other. In slices: the way back through torch's own
        unfolding takes longer."""
        (high, wide), (down, right) = self.kernel_size, self.stride
        bare = functional.pad(rows, (0, 0, wide // 2, wide // 2, high // 2, high // 2))
        _, last_row, last_column, _ = bare.shape
        seen = [
            bare[:, row : last_row - high + row + 1 : down, column : last_column - wide + column + 1 : right]
            for row in range(high)
            for column in range(wide)
        ]
        return torch.cat(seen, -1)


def with_products(network: nn.Module) -> nn.Module:
    """The same one, with the same names for the same weights."""
    for module in network.modules():
        if type(module) is nn.Conv2d and _is_plain(module):
            module.__class__ = Product
    return network.to(memory_format=torch.channels_last)


def _is_plain(layer: nn.Conv2d) -> bool:
    high, wide = layer.kernel_size
    middle = (high // 2, wide // 2)
    odd = high % 2 == wide % 2 == 1
    around = odd and layer.padding == middle and layer.padding_mode == "zeros"
    return around and layer.dilation == (1, 1) and layer.groups == 1
