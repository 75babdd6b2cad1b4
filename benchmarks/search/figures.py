"""From answers to recall, percentiles and verdicts. The machine may be shared: the median of the rounds counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Target, middle

from .catalogue import ANY, FAR, IN_CATEGORY, Catalogue, Questions
from .contender import Answer

OURS, OURS_EXACT = "vizinho", "vizinho-exact"
NAMES = {
    OURS: "Vizinho",
    OURS_EXACT: "Vizinho, exact",
    "faiss-flat": "FAISS flat",
    "faiss-hnsw": "FAISS HNSW",
    "annoy": "Annoy",
    "scikit-learn": "scikit-learn",
    "numpy": "numpy",
    "qdrant-local": "qdrant-client, local",
}
GROWING = (OURS, "faiss-flat", "faiss-hnsw", "numpy")
CALLERS = 8
ENOUGH = 100  # timings, below which nothing is said of their 99th percentile
_SAME_SCORE = 1e-6  # the rounding of sums in another order

DURING, IDLE = "while the first index is built", "idle"
DURING_NEXT = "while half as much again is indexed"


@dataclass(slots=True)
class Timings:
    """Of one contender in one case, in one round. `recall` is the mean over what was answered."""

    asked: int
    p50_ms: float
    p99_ms: float | None
    recall: float | None


Round = dict[str, dict[str, Timings]]  # by contender and case


@dataclass(slots=True)
class Standing:
    """`missing` and `failed` say why there are no figures. Memory is that of the process and its children."""

    name: str
    about: str = ""
    missing: str = ""
    failed: str = ""
    build_s: float | None = None
    build_steps: dict[str, float] | None = None
    build_peak_bytes: int | None = None
    disk_bytes: int | None = None
    load_s: float | None = None
    resident_bytes: int | None = None
    per_s: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """Contenders side by side on one catalogue."""

    points: int
    dim: int
    contenders: dict[str, Standing]
    rounds: list[Round] = field(default_factory=list)


@dataclass(slots=True)
class Building:
    """What one caller notices, by phase; and how long each phase took, its asking included."""

    points: int
    dim: int
    phases: dict[str, Timings] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: str = ""

    def slowdown(self, phase: str, figure: str) -> float | None:
        if phase not in self.phases or IDLE not in self.phases:
            return None
        then, idle = (getattr(self.phases[name], figure) for name in (phase, IDLE))
        return None if then is None or idle is None else float(then / idle)


def building_from(raw: dict[str, Any]) -> Building:
    return Building(**raw | {"phases": {name: Timings(**one) for name, one in raw["phases"].items()}})


@dataclass(slots=True)
class Results:
    """A part that was not run is empty."""

    date: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    latency: Comparison | None = None
    growth: list[Comparison] = field(default_factory=list)
    building: Building | None = None

    def failures(self) -> list[str]:
        comparisons = [*([self.latency] if self.latency else []), *self.growth]
        failed = [
            f"{one.name}: {one.failed}"
            for each in comparisons
            for one in each.contenders.values()
            if one.failed
        ]
        return failed + ([self.building.failed] if self.building and self.building.failed else [])


def percentile(values: Sequence[float], share: float) -> float:
    """By the nearest rank: a value that was measured, not one between two."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def timings(answers: Sequence[Answer], recalls: Sequence[float]) -> Timings:
    times = [1000 * seconds for seconds, _ in answers]
    p99 = percentile(times, 0.99) if len(times) >= ENOUGH else None
    return Timings(len(times), percentile(times, 0.5), p99, float(np.mean(recalls)) if recalls else None)


def recall_of(catalogue: Catalogue, questions: Questions, row: int, ids: Sequence[int]) -> float:
    """Of as many as there could be, those that are as near as the last of an exact answer. By score and not by name:
    of two that are equally near, either will do."""
    if not questions.counts[row]:
        return 1.0
    category = questions.categories[row]
    kept = [id_ for id_ in dict.fromkeys(ids) if category in (ANY, catalogue.categories[id_])]
    scores: NDArray[np.float32] = catalogue.mapped[kept] @ questions.vectors[row]
    near = int((scores >= questions.floors[row] - _SAME_SCORE).sum())
    return min(1.0, near / int(questions.counts[row]))


def median_of(rounds: Sequence[Round], contender: str, case: str, figure: str) -> float | None:
    found = [getattr(one[contender][case], figure) for one in rounds if case in one.get(contender, {})]
    return None if None in found else middle(found)


def mean_recall(rounds: Sequence[Round], contender: str, case: str) -> float | None:
    """Over all answers: each round has other questions."""
    found = [one[contender][case] for one in rounds if case in one.get(contender, {})]
    asked = sum(one.asked for one in found)
    return sum((one.recall or 0.0) * one.asked for one in found) / asked if asked else None


def targets(results: Results) -> list[Target]:
    latency, building = results.latency, results.building
    rounds = latency.rounds if latency else []
    no_latency, no_building = "" if latency else "not run", "" if building else "not run"
    slowdown = building.slowdown(DURING, "p99_ms") if building else None
    next_slowdown = building.slowdown(DURING_NEXT, "p99_ms") if building else None

    def at_most(name: str, bound: float, figure: float | None, idle: str) -> Target:
        return Target(name, bound, figure, at_most=True, idle=idle)

    return [
        Target("in category: recall@10", 0.99, mean_recall(rounds, OURS, IN_CATEGORY), idle=no_latency),
        Target("far category: recall@10", 0.99, mean_recall(rounds, OURS, FAR), idle=no_latency),
        at_most("in category: p50, ms", 3, median_of(rounds, OURS, IN_CATEGORY, "p50_ms"), no_latency),
        at_most("in category: p99, ms", 10, median_of(rounds, OURS, IN_CATEGORY, "p99_ms"), no_latency),
        at_most(f"p99 {DURING}, times idle", 3, slowdown, no_building),
        at_most(f"p99 {DURING_NEXT}, times idle", 3, next_slowdown, no_building),
    ]
