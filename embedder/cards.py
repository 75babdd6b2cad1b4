"""What a .safetensors file says of itself, beside its tensors: JSON in its metadata. Read with suspicion."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from .errors import WeightsCorrupt

CARD = "card"

_LARGEST = 1_000_000


def read_card(path: Path) -> dict[str, Any]:
    """Empty where the file has none: those of others have none."""
    if path.suffix != ".safetensors":
        return {}
    try:
        with safe_open(path, framework="numpy") as file:
            text = (file.metadata() or {}).get(CARD, "{}")
        card = json.loads(text) if len(text) <= _LARGEST else None
    except (SafetensorError, OSError, ValueError, RecursionError) as error:
        raise WeightsCorrupt(f"The card of {path} cannot be read: {error}") from error
    if not isinstance(card, dict):
        raise WeightsCorrupt(f"The card of {path} is no card.")
    return card


def card_text(card: dict[str, Any]) -> str:
    return json.dumps(card, sort_keys=True, separators=(",", ":"), allow_nan=False)
