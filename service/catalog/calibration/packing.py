"""A calibration as a text, to be kept with its generation: small, for a server hands out all it keeps there at once."""

import base64
import hashlib
import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.catalog.calibration.calibration import Calibration
from service.catalog.calibration.familiarity import Familiarity
from service.catalog.calibration.scale import Scale

_EDITION = 2


def packed(calibration: Calibration) -> str:
    familiarity = calibration.familiarity
    body = {
        "edition": _EDITION,
        "fingerprint": calibration.fingerprint,
        "images": calibration.images,
        "scales": {path: asdict(scale) for path, scale in calibration.scales.items()},
        "directions": [_halves(direction) for direction in familiarity.directions],
        "origins": familiarity.origins,
        "least": familiarity.least,
    }
    return json.dumps({"body": body, "sha256": _checksum(body)})


def unpacked(text: str, fingerprint: str) -> Calibration | None:
    """None for what is of another model or another version, or has been damaged: it is measured anew."""
    try:
        said = json.loads(text)
        body = said["body"]
        whole = said["sha256"] == _checksum(body)
        if not whole or (body["edition"], body["fingerprint"]) != (_EDITION, fingerprint):
            return None
        return _calibration(body)
    except (ValueError, KeyError, TypeError):
        return None


def _calibration(body: dict[str, Any]) -> Calibration:
    directions = np.stack([_whole(halves) for halves in body["directions"]])
    scales = {
        path: Scale(**(fields | {"unrelated": tuple(fields["unrelated"])}))
        for path, fields in body["scales"].items()
    }
    familiarity = Familiarity(directions, tuple(body["origins"]), body["least"])
    return Calibration(body["fingerprint"], body["images"], scales, familiarity)


def _halves(direction: NDArray[np.float32]) -> dict[str, Any]:
    """In half as many bytes; of length 1 at most, so that none is too small to be told from nothing."""
    largest = float(np.abs(direction).max()) or 1.0
    return {
        "largest": largest,
        "float16": base64.b64encode((direction / largest).astype("<f2").tobytes()).decode(),
    }


def _whole(halves: dict[str, Any]) -> NDArray[np.float32]:
    stored = np.frombuffer(base64.b64decode(halves["float16"], validate=True), dtype="<f2")
    return stored.astype(np.float32) * np.float32(halves["largest"])


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
