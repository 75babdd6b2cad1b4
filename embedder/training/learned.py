"""Weights as a file that says what they are: anything that loads the backbone's weights loads it."""

import os
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from embedder.cards import CARD, card_text


def write_weights(path: Path, network: torch.nn.Module, card: dict[str, Any]) -> None:
    """Whole or not at all."""
    making = path.with_name(f".{path.name}.making")
    state = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    save_file(state, making, {CARD: card_text(card)})
    with making.open("rb") as file:
        os.fsync(file.fileno())
    making.replace(path)
