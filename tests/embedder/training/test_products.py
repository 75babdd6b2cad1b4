"""A product gives what the convolution gives that it stands for, and learns the same from it."""

import copy

import pytest
import torch
from torch import nn

from embedder.training.products import Product, with_products


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [1, 3, 7])
def test_it_says_and_learns_what_a_convolution_does(kernel: int, stride: int, size: int) -> None:
    dice = torch.Generator().manual_seed(kernel)
    plain = nn.Conv2d(5, 6, kernel, stride, kernel // 2).double()
    product = with_products(copy.deepcopy(plain))
    assert isinstance(product, Product)
    maps = torch.randn(3, 5, size, size + 1, dtype=torch.double, generator=dice)
    one, other = maps.clone().requires_grad_(), maps.clone().requires_grad_()
    expected, found = plain(one), product(other)
    towards = torch.randn(expected.shape, dtype=torch.double, generator=dice)
    expected.backward(towards)
    found.backward(towards)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(other.grad, one.grad)
    torch.testing.assert_close(product.weight.grad, plain.weight.grad)
    assert product.bias is not None
    assert plain.bias is not None
    torch.testing.assert_close(product.bias.grad, plain.bias.grad)


def test_what_is_no_plain_convolution_stays_as_it_is() -> None:
    others = [
        nn.Conv2d(4, 4, 3, padding=1, groups=4),
        nn.Conv2d(4, 4, 3, padding=2, dilation=2),
        nn.Conv2d(4, 4, 3),
        nn.Conv2d(4, 4, 2, padding=1),
        nn.Conv2d(4, 4, 3, padding=1, padding_mode="reflect"),
    ]
    network = with_products(nn.Sequential(*others, nn.Conv2d(4, 4, 1)))
    assert [type(layer) for layer in network.children()] == [nn.Conv2d] * 5 + [Product]
    assert set(network.state_dict()) == {f"{n}.{name}" for n in range(6) for name in ("weight", "bias")}
