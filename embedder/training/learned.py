"""Weights as a file that says what they are: what loads the backbone's weights loads it, and passes over asides."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from embedder.cards import CARD, card_text

from .files import whole_file


def write_weights(path: Path, network: torch.nn.Module, card: dict[str, Any]) -> None:
    state = {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    with whole_file(path) as making:
        save_file(state, making, {CARD: card_text(card)})
