"""Whoever answers. It builds its files in one process and answers from them in another, so that what building took is
not counted as what answering needs."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from .catalogue import Catalogue, Numbers, Questions, Vectors

Answer = tuple[float, list[int]]  # seconds, and row numbers
FEWEST = 3


class Contender:
    """`keeps` is false for one that has no files, and must build wherever it answers."""

    about: ClassVar[str]
    keeps: ClassVar[bool] = True

    def build(self, catalogue: Catalogue, folder: Path) -> dict[str, float] | None:
        """The seconds of its steps, where it has some."""
        raise NotImplementedError

    def load(self, catalogue: Catalogue, folder: Path) -> None:
        raise NotImplementedError

    def search(self, vector: Vectors, category: int) -> Sequence[int] | Numbers:
        raise NotImplementedError

    def answers(self, questions: Questions, rows: range, seconds: float) -> list[Answer]:
        """As many as there is time for: one caller, who asks again as soon as there is an answer."""
        found: list[Answer] = []
        for row in within(rows, seconds):
            started = time.perf_counter()
            ids = self.search(questions.vectors[row], int(questions.categories[row]))
            found.append((time.perf_counter() - started, [int(id_) for id_ in ids if id_ >= 0]))
        return found

    def per_s(self, questions: Questions, callers: int, seconds: float) -> float:
        """Answers a second, to several who each wait for theirs."""
        raise NotImplementedError

    def close(self) -> None:
        pass


def within(rows: range, seconds: float) -> Iterator[int]:
    end = time.perf_counter() + seconds
    for asked, row in enumerate(rows):
        if asked >= FEWEST and time.perf_counter() >= end:
            return
        yield row
