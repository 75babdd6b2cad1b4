"""What generation.json says, and a checksum of it: one letter of a fingerprint changed, and it were another model's."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from service.store.base import Identity

_CHECK = "sha256"


def packed(fields: Mapping[str, Any]) -> str:
    return json.dumps({**fields, _CHECK: _checksum(fields)}, indent=2) + "\n"


def unpacked(text: str) -> dict[str, Any]:
    """Raises ValueError, KeyError or TypeError for what `packed` did not write."""
    said = json.loads(text)
    fields = {name: said[name] for name in ("identity", "revisions", "shard")}
    Identity(**fields["identity"])
    if said[_CHECK] != _checksum(fields):
        raise ValueError("its checksum is another")
    return fields


def _checksum(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
