"""From answers to rates, shares and verdicts. Whatever is compared was measured in the same round, and the median round
counts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from benchmarks.figures import Target, middle

EMBEDDER, OURS, NAIVE, ONE_LOCK = "embedder", "vizinho", "naive", "one-lock"
NAMES = {
    EMBEDDER: "the embedder alone",
    OURS: "Vizinho",
    NAIVE: "naive service",
    ONE_LOCK: "one-lock service",
}
SIDES = (224, 1000)
CLIENTS = (1, 8, 32)
STAGES = ("decode", "embed", "search")
EXPECTED = ("200", "429", "503")
OVERLOAD = 10  # times what can be served

RATE_SHARE, TIMES_NAIVE, OVERHEAD_MS, REJECTION_MS, MEMORY_GROWTH = 0.8, 8, 5, 50, 1.05


class Answered(Protocol):
    status: int
    seconds: float

    def stages_ms(self) -> dict[str, float]: ...


@dataclass(frozen=True, slots=True)
class Spread:
    p50_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of clients had of a service. The embedder alone has a rate and nothing else."""

    per_s: float
    answers: dict[str, int] = field(default_factory=dict)
    """By status; `lost` are connections that ended without an answer."""
    latency: Spread | None = None
    stages_ms: dict[str, float] = field(default_factory=dict)
    """The median of each, as the answers' Server-Timing tells them."""
    rest: Spread | None = None
    """What the client waited beyond these stages."""

    @property
    def failures(self) -> int:
        return sum(number for status, number in self.answers.items() if status != "200")


@dataclass(frozen=True, slots=True)
class Flood:
    answers: dict[str, int]
    """By status; `refused` connections, `lost` ones, and requests that are `unanswered` after a minute."""
    accepted: Spread | None
    rejected: Spread | None
    lag_p99_ms: float
    """How late the client itself was with what it sent: the cores are shared."""
    connections: int
    """At most at once."""


@dataclass(frozen=True, slots=True)
class Overload:
    capacity_per_s: float
    """Of 32 clients, just before."""
    per_s: float
    seconds: float
    flood: Flood
    resident_bytes: list[tuple[float, int]]
    """Of the service with its store, by seconds from the beginning. Below zero: before; the last one: after."""
    afterwards_per_s: float

    def resident_at(self, seconds: float) -> int:
        return min(self.resident_bytes, key=lambda one: abs(one[0] - seconds))[1]

    @property
    def growth(self) -> float:
        """From a third of the time, when every queue is full, to its end."""
        return self.resident_at(self.seconds) / self.resident_at(self.seconds / 3)


Round = dict[str, dict[str, Load]]  # by contender and case


@dataclass(slots=True)
class Results:
    date: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    rounds: list[Round] = field(default_factory=list)
    overload: Overload | None = None


def case_of(side: int, clients: int) -> str:
    return f"{side} px, {clients} client{'s' if clients > 1 else ''}"


def load_of(answers: Sequence[Answered], per_s: float, lost: int) -> Load:
    good = [answer for answer in answers if answer.status == 200]
    stages = [answer.stages_ms() for answer in good]
    known = [name for name in STAGES if stages and all(name in one for one in stages)]
    rests = [
        answer.seconds * 1000 - sum(one[name] for name in STAGES)
        for answer, one in zip(good, stages, strict=True)
        if len(known) == len(STAGES)
    ]
    return Load(
        per_s,
        _by_status(answers, lost=lost),
        spread_of(answer.seconds * 1000 for answer in good),
        {name: float(np.median([one[name] for one in stages])) for name in known},
        spread_of(rests),
    )


def flood_of(
    answers: Sequence[Answered],
    lags_s: Sequence[float],
    *,
    refused: int = 0,
    lost: int = 0,
    unanswered: int = 0,
    connections: int = 0,
) -> Flood:
    lags = spread_of(lag * 1000 for lag in lags_s)
    return Flood(
        _by_status(answers, refused=refused, lost=lost, unanswered=unanswered),
        spread_of(answer.seconds * 1000 for answer in answers if answer.status == 200),
        spread_of(answer.seconds * 1000 for answer in answers if answer.status != 200),
        lags.p99_ms if lags else 0.0,
        connections,
    )


def _by_status(answers: Iterable[Answered], **others: int) -> dict[str, int]:
    found = Counter(str(answer.status) for answer in answers)
    return dict(sorted(found.items())) | {name: number for name, number in others.items() if number}


def spread_of(milliseconds: Iterable[float]) -> Spread | None:
    values = np.fromiter(milliseconds, float)
    return Spread(*(float(one) for one in np.percentile(values, (50, 95, 99)))) if values.size else None


def rates(rounds: list[Round], contender: str, case: str) -> list[float]:
    return [one[contender][case].per_s for one in rounds if case in one.get(contender, {})]


def ratios(rounds: list[Round], contender: str, other: str, case: str) -> list[float]:
    """Round by round, where both are. A service that answered nobody is no measure."""
    return [
        one[contender][case].per_s / one[other][case].per_s
        for one in rounds
        if all(case in one.get(name, {}) for name in (contender, other)) and one[other][case].per_s
    ]


def rests_ms(rounds: list[Round], case: str) -> list[float]:
    found = [one[OURS][case].rest for one in rounds if case in one.get(OURS, {})]
    return [rest.p50_ms for rest in found if rest]


def failures(rounds: list[Round]) -> float | None:
    of_ours = [load.failures for one in rounds for load in one.get(OURS, {}).values()]
    return float(sum(of_ours)) if of_ours else None


def unexpected(flood: Flood) -> float | None:
    others = sum(number for status, number in flood.answers.items() if status not in EXPECTED)
    return float(others) if flood.answers else None


def targets(results: Results) -> list[Target]:
    return [*_load_targets(results), *_overload_targets(results)]


def _load_targets(results: Results) -> list[Target]:
    rounds, most = results.rounds, max(CLIENTS)
    left_out = "" if rounds or results.overload is None else "overload alone"
    no_amx = left_out or ("" if "amx_bf16" in results.machine.get("flags", []) else "no AMX")
    sides = [side for side in SIDES if not rounds or rates(rounds, OURS, case_of(side, most))]
    small = case_of(min(SIDES), most)
    return [
        *(
            Target(
                f"{case_of(side, most)}: share of the embedder's own rate",
                RATE_SHARE,
                middle(ratios(rounds, OURS, EMBEDDER, case_of(side, most))),
                idle=left_out,
            )
            for side in sides
        ),
        Target(
            f"{small}: times the naive service",
            TIMES_NAIVE,
            middle(ratios(rounds, OURS, NAIVE, small)),
            idle=no_amx,
        ),
        *(
            Target(
                f"{case_of(side, 1)}: ms beside decode, embed and search",
                OVERHEAD_MS,
                middle(rests_ms(rounds, case_of(side, 1))),
                at_most=True,
                idle=left_out,
            )
            for side in sides
        ),
        Target("anything but 200 under load", 0, failures(rounds), at_most=True, idle=left_out),
    ]


def _overload_targets(results: Results) -> list[Target]:
    overload = results.overload
    left_out = "" if overload or not results.rounds else "the load alone"
    rejected = overload.flood.rejected if overload else None
    others = unexpected(overload.flood) if overload else None
    return [
        Target("overload: answered with anything but 200, 429, 503", 0, others, at_most=True, idle=left_out),
        Target(
            "overload: p99 of rejections, ms",
            REJECTION_MS,
            rejected.p99_ms if rejected else None,
            at_most=True,
            idle=left_out,
        ),
        Target(
            "overload: memory at the end / at a third",
            MEMORY_GROWTH,
            overload.growth if overload else None,
            at_most=True,
            idle=left_out,
        ),
    ]
