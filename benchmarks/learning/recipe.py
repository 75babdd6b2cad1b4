"""The commands, one after the other, each in a process of its own as its user would start it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from embedder.cards import read_card

HELD_OUT = "1/3"
TYPE, COLOUR = "category:leaf", "baseColour"
_TOLD = ("products", "images", "unread", "without_match", "figures", "differences", "index")
_SAME = (TYPE, COLOUR, f"{TYPE},{COLOUR}")


@dataclass(slots=True)
class Figures:
    train: list[str]
    seconds: dict[str, float] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    card: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    figures: Figures
    report: Path


class Recipe:
    def __init__(
        self, catalogue: Path, data: Path, labels: str, train: Sequence[str], console: Console
    ) -> None:
        self._catalogue, self._labels, self._train, self._console = catalogue, labels, list(train), console
        self._environment = os.environ | {"VIZINHO_DATA_DIR": str(data), "COLUMNS": "140"}
        self._figures = Figures(self._train)

    def run(self, work: Path) -> Result:
        work.mkdir(parents=True, exist_ok=True)
        weights, report = work / "learned.safetensors", work / "report"
        self._do("ingest", str(self._catalogue))
        self._figures.before = self._evaluated(work / "before.json", [])
        words = ["--labels", self._labels, "--held-out", HELD_OUT, "--out", str(weights)]
        self._do("train", *words, *self._train)
        self._figures.card = read_card(weights)
        # Of all that it took, where it went on from an earlier run too.
        self._figures.seconds["train"] = self._figures.card["training"]["seconds"]
        self._do("reembed", "--weights", str(weights))
        # As `reembed` asks for: it names what is no longer live.
        self._environment.pop("VIZINHO_WEIGHTS", None)
        against = ["--against", "weights=untrained", "--report", str(report)]
        self._figures.after = self._evaluated(work / "after.json", against)
        return Result(self._figures, report)

    def _evaluated(self, path: Path, words: Sequence[str]) -> dict[str, Any]:
        same = [word for names in _SAME for word in ("--same", names)]
        self._do("evaluate", "--held-out", HELD_OUT, *same, "--json", str(path), *words)
        found = json.loads(path.read_text())
        return {name: found[name] for name in _TOLD}

    def _do(self, *words: str) -> None:
        self._console.rule(f"vizinho {words[0]}")
        started = time.monotonic()
        vizinho = str(Path(sys.executable).with_name("vizinho"))
        subprocess.run([vizinho, *words], env=self._environment, check=True)
        told = self._figures.seconds
        told[words[0]] = round(told.get(words[0], 0) + time.monotonic() - started, 1)
