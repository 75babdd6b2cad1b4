"""Learned models for tests: an untrained network with one tensor changed, and a fit that does nothing but cut."""

from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from embedder import Embedder, EmbedderConfig
from embedder.backbones import BACKBONES
from embedder.fits import Fit, Pool
from embedder.untrained import untrained_state

SMALL = "mobilenet_v3_large"
CONFIG = EmbedderConfig(backbone=SMALL, compilation="off")


@cache
def _state() -> dict[str, torch.Tensor]:
    return untrained_state(BACKBONES[SMALL])


def write_learned(path: Path, by: float = 0.1) -> Path:
    state = dict(_state())
    name = next(name for name, tensor in state.items() if tensor.ndim == 4)
    save_file(state | {name: state[name] * (1 + by)}, path)
    return path


def write_fit(path: Path, embedder: Embedder, dim: int = 32) -> Path:
    features = BACKBONES[SMALL].layers["features"]
    fit = Fit(
        SMALL,
        embedder.weights.sha256,
        embedder.input_size,
        (Pool("features"),),
        np.zeros(features, np.float32),
        np.eye(features, dim, dtype=np.float32),
    )
    path.write_bytes(fit.file())
    return path
