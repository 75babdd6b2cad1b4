"""What the network is asked about each picture: its category, and every attribute that enough pictures have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1

_RAREST = 5  # pictures of a value, below which there is nothing to learn
_LEAST_SHARE = 0.3  # of the pictures that must have the label at all
_MOST_VALUES = 1_000
_MOST_QUESTIONS = 12
_LIKE_AN_ID = 0.5  # values for each picture: this is no property but a name


@dataclass(frozen=True, slots=True)
class Question:
    """A label, and the answers to choose from."""

    label: str
    values: tuple[str, ...]
    weight: float = 1.0
    """How much it counts beside the others."""

    def answers(self, labels: Sequence[Mapping[str, str]]) -> NDArray[np.int64]:
        codes = {value: code for code, value in enumerate(self.values)}
        return np.array([codes.get(each.get(self.label, ""), UNKNOWN) for each in labels], np.int64)


def questions_of(labels: Sequence[Mapping[str, str]], only: Sequence[str] | None = None) -> list[Question]:
    """Those worth asking, the best covered first; or all of `only` that can be asked."""
    if only is not None:
        return _questions(only, labels, choosy=False)
    names = Counter(name for each in labels for name in each)
    asked = [name for name, _ in sorted(names.items(), key=lambda item: (-item[1], item[0]))]
    return _questions(asked, labels, choosy=True)[:_MOST_QUESTIONS]


def _questions(names: Sequence[str], labels: Sequence[Mapping[str, str]], *, choosy: bool) -> list[Question]:
    found = (_question(name, labels, choosy=choosy) for name in names)
    return [question for question in found if question is not None]


def _question(label: str, labels: Sequence[Mapping[str, str]], *, choosy: bool) -> Question | None:
    counts = Counter(value for each in labels if (value := each.get(label, "")))
    values = [value for value, count in counts.most_common(_MOST_VALUES) if count >= _RAREST]
    covered = sum(counts[value] for value in values)
    if len(values) < 2:
        return None
    if choosy and (covered < _LEAST_SHARE * len(labels) or len(counts) > _LIKE_AN_ID * counts.total()):
        return None
    return Question(label, tuple(sorted(values)))
