"""A fit is part of what is compiled, and of what a compiled graph is kept under."""

import os
import shutil
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from torch import nn

from embedder import Embedder, EmbedderConfig, Fit
from embedder.backbones import BACKBONES, Backbone
from embedder.fits import Pool

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which(os.environ.get("CXX", "g++")) is None, reason="needs a C++ compiler"),
]


def small_network() -> nn.Module:
    first = nn.Sequential(nn.Conv2d(3, 16, 7, stride=8, bias=False), nn.BatchNorm2d(16), nn.ReLU())
    second = nn.Sequential(nn.Conv2d(16, 24, 3, stride=4, bias=False), nn.BatchNorm2d(24), nn.ReLU())
    rest = {"avgpool": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten(), "head": nn.Linear(24, 3)}
    return nn.Sequential(OrderedDict(first=first, second=second, **rest))


@pytest.mark.timeout(600)
def test_what_is_compiled_applies_the_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    backbone = Backbone(
        "small", 24, "avgpool", "head", small_network, sources={}, layers={"first": 16, "second": 24}
    )
    monkeypatch.setitem(BACKBONES, "small", backbone)
    config = EmbedderConfig("small", "untrained", "cpu", "float32", "euclid", tmp_path, compilation="off")
    plain = Embedder.load(config)
    draw, file = np.random.default_rng(0), tmp_path / "fit.safetensors"
    pictures = list(draw.integers(0, 256, (5, 224, 224, 3), dtype=np.uint8))
    mean, projection = draw.random(40, np.float32), draw.random((40, 5), np.float32)
    pooling = (Pool("first", power=0.5), Pool("second", p=3.0))
    file.write_bytes(Fit("small", plain.weights.sha256, 224, pooling, mean, projection).file())
    eager = Embedder.load(replace(config, fit=file))
    compiled = Embedder.load(replace(config, fit=file, compilation="background"))
    assert compiled.settle(280) == "compiled"
    assert compiled.embed(pictures).shape == (5, 5)
    np.testing.assert_allclose(compiled.embed(pictures), eager.embed(pictures), atol=1e-4)
    without = Embedder.load(replace(config, compilation="cached"))
    assert without.runtime == "eager", "what was compiled with a fit is nothing to whoever has none"
    for embedder in (plain, eager, compiled, without):
        embedder.close()
