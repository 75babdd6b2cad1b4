"""Which candidate is the best, and how good it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedder import Candidate, Features
from service.catalog.fitting.exam import Exam
from service.catalog.fitting.looking import Look
from service.catalog.quality.figures import Interval
from service.catalog.quality.intervals import interval
from service.store.base import Distance
from service.store.scores import of_length_one

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    best: Candidate
    scores: list[tuple[Candidate, float]]
    """By which it was chosen."""
    own: float
    """What the network's own vectors score in the same questions."""
    own_dim: int
    measure: str
    before: Interval
    after: Interval
    gain: Interval
    """In other questions than those by which it was chosen."""
    questions: int


class Choosing:
    def __init__(self, candidates: Sequence[Candidate], distance: Distance, same: Sequence[str]) -> None:
        self._candidates, self._distance, self._same = candidates, distance, same
        self._looks: list[Look] = []
        self._vectors: list[list[Vectors]] = []

    def add(self, looks: Sequence[Look], features: Features) -> None:
        fitted = (candidate.fit.vectors(features[candidate.place]) for candidate in self._candidates)
        self._looks += looks
        self._vectors.append(
            [
                features[0],
                *(of_length_one(vectors) if self._distance == "cosine" else vectors for vectors in fitted),
            ]
        )

    def choice(self) -> Choice:
        exam = Exam(self._looks, self._distance, self._same)
        own, *fitted = (exam.scores(np.concatenate(parts)) for parts in zip(*self._vectors, strict=True))
        by, told = exam.choosing, ~exam.choosing
        scores = [float(each[by].mean()) for each in fitted]
        # Of equals the first, which is the simplest.
        best = int(np.argmax(scores))
        before, after = own[told], fitted[best][told]
        return Choice(
            self._candidates[best],
            list(zip(self._candidates, scores, strict=True)),
            float(own[by].mean()),
            self._vectors[0][0].shape[1],
            exam.name,
            interval(before),
            interval(after),
            interval(after - before),
            len(before),
        )
