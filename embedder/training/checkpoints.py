"""Where a training was, so that one that is killed goes on as if nothing had been."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from pathlib import Path
from statistics import fmean
from typing import Any

import torch

from .config import TrainingConfig
from .errors import TrainingError
from .examples import Example
from .files import whole_file
from .labels import Question

_FILE = "checkpoint.pt"
_FORMAT = 6

_LATELY = 5
_WOBBLE = 0.01
"""The figures of so many epochs are taken together, and a mean that is lower by less is not worse. Of a few hundred
pictures they wobble by more than the last third of a training brings: the highest of them is luck, the last is better.
"""


@dataclass(slots=True)
class Position:
    step: int = 0
    seconds: float = 0.0
    """Of computing, the earlier runs' included."""
    figures: list[float] = field(default_factory=list)
    """After each epoch."""

    @property
    def best_epoch(self) -> int:
        means = self._means()
        return means.index(max(means)) + 1 if means else 0

    @property
    def kept_epoch(self) -> int:
        """The last that was not clearly worse than all before: its weights are what comes out."""
        means = self._means()
        good = [
            epoch
            for epoch, (mean, high) in enumerate(zip(means, accumulate(means, max), strict=True), 1)
            if mean > high - _WOBBLE
        ]
        return good[-1] if good else 0

    def _means(self) -> list[float]:
        ends = range(1, len(self.figures) + 1)
        return [fmean(self.figures[max(0, end - _LATELY) : end]) for end in ends]


class Checkpoints:
    def __init__(self, folder: Path, digest: str) -> None:
        """`digest` says what is trained, and on what: another training's checkpoint is not gone on from."""
        self._path = folder / _FILE
        self._digest = digest

    def save(self, contents: dict[str, Any]) -> None:
        with whole_file(self._path) as making:
            torch.save(contents | {"digest": self._digest}, making)

    def load(self) -> dict[str, Any] | None:
        if not self._path.is_file():
            return None
        try:
            contents: dict[str, Any] = torch.load(self._path, map_location="cpu", weights_only=True)
        except Exception as error:  # a broken archive or pickle can fail in any of a dozen ways
            raise TrainingError(
                f"{self._path} is damaged: {error}. Remove it, and the training begins anew."
            ) from error
        if contents.get("digest") != self._digest:
            raise TrainingError(
                f"{self._path} is of another training: other pictures, labels or settings, or an older program's. "
                "Remove it, or give this training a folder of its own."
            )
        return contents


def digest_of(examples: Sequence[Example], questions: Sequence[Question], config: TrainingConfig) -> str:
    """Of all that decides what comes out, but for the pictures themselves, which go by their ids."""
    digest = hashlib.sha256(
        json.dumps([_FORMAT, asdict(config), [asdict(each) for each in questions]]).encode()
    )
    for example in examples:
        digest.update(json.dumps([example.id, sorted(example.labels.items())]).encode())
    return digest.hexdigest()
