"""Files with weights, read with suspicion, and put into a network only where every tensor fits."""

import hashlib
from pathlib import Path
from typing import TypeGuard

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from .backbones import TRAINING_ONLY, Backbone
from .errors import WeightsCorrupt, WeightsMismatch, WeightsMissing

State = dict[str, torch.Tensor]


def read_state(path: Path) -> State:
    if not path.is_file():
        raise WeightsMissing(f"There is no weights file at {path}.")
    try:
        tensors = load_file(path) if path.suffix == ".safetensors" else _unpickled(path)
    except SafetensorError as error:
        raise WeightsCorrupt(f"{path} is not a readable .safetensors file: {error}") from error
    except OSError as error:
        raise WeightsCorrupt(f"{path} cannot be read: {error}") from error
    if not _is_state(tensors):
        raise WeightsMismatch(f"{path} does not hold a state dict (names and tensors).")
    return tensors


def network_with(state: State, backbone: Backbone, origin: str) -> nn.Module:
    network = backbone.features()
    network.load_state_dict(_fitted(state, backbone, origin), assign=True)
    return network.eval().requires_grad_(False)


def state_sha256(network: nn.Module) -> str:
    """Over the tensors that decide a vector, in float32 and by name: not over the file, so that the same weights
    have one name whether they came as .pth or .safetensors, with their classifier or without."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        if not name.endswith(TRAINING_ONLY):
            digest.update(f"{name} {tuple(tensor.shape)}\n".encode())
            digest.update(tensor.contiguous().numpy().astype("<f4", copy=False))
    return digest.hexdigest()


def _is_state(found: object) -> TypeGuard[State]:
    return isinstance(found, dict) and all(
        isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in found.items()
    )


def _unpickled(path: Path) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a broken archive or pickle can fail in any of a dozen ways
        raise WeightsCorrupt(f"{path} is not a readable PyTorch file of plain tensors: {error}") from error


def _fitted(state: State, backbone: Backbone, origin: str) -> State:
    slots = backbone.slots()
    head = f"{backbone.head}."
    known = {
        name: tensor
        for name, tensor in state.items()
        if not name.startswith(head) and not name.endswith(TRAINING_ONLY)
    }
    wrong = sorted(known.keys() ^ slots.keys())
    wrong += [name for name in slots if name in known and not _fits(known[name], slots[name])]
    if wrong:
        raise WeightsMismatch(
            f"{origin} does not fit {backbone.name}: {len(wrong)} tensors differ, among them {wrong[0]!r}."
        )
    fitted = {name: known[name].to(torch.float32).contiguous() for name in slots}
    if broken := [name for name, tensor in fitted.items() if not torch.isfinite(tensor).all()]:
        raise WeightsCorrupt(f"{origin} holds values that are not finite, among them in {broken[0]!r}.")
    return fitted


def _fits(tensor: torch.Tensor, slot: torch.Tensor) -> bool:
    return tensor.shape == slot.shape and tensor.is_floating_point() and tensor.layout is torch.strided
