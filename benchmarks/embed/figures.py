"""From raw rates to medians, ratios and verdicts. The machine may be shared and its pace may change from minute to
minute, so whatever is compared was measured in the same round, and the median round counts."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Target, middle

Round = dict[str, dict[str, float]]  # images/s by contender and case

BASE, OURS, RIVALS = "eager", "vizinho", ("onnxruntime", "openvino")
NAMES = {
    BASE: "eager PyTorch",
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "vizinho-eager": "Vizinho, not compiled",
    OURS: "Vizinho",
}
BATCHES = (1, 8, 32)
JPEG_BATCHES = (1, 8)
JPEG_SIDES = (224, 1000)
CALLERS = (1, 16)


@dataclass(slots=True)
class Start:
    """Seconds from the start of the process. Not everyone compiles."""

    first_vector_s: float
    compiled_vector_s: float | None = None


@dataclass(slots=True)
class Standing:
    """`missing` and `failed` say why there are no figures."""

    name: str
    about: str = ""
    missing: str = ""
    failed: str = ""
    cosine: float | None = None
    cold: Start | None = None
    warm: list[Start] = field(default_factory=list)

    def warm_s(self) -> float | None:
        """To the first vector at full speed; no figure if any start never came to it."""
        times = [start.compiled_vector_s for start in self.warm]
        return middle([s for s in times if s is not None]) if None not in times else None


@dataclass(slots=True)
class Results:
    date: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    contenders: dict[str, Standing]
    rounds: list[Round] = field(default_factory=list)


def batch_case(batch: int) -> str:
    return f"batch {batch}"


def jpeg_case(side: int, batch: int) -> str:
    return f"JPEG {side} px, batch {batch}"


def callers_case(side: int, callers: int) -> str:
    return f"JPEG {side} px, {callers} caller{'s' if callers > 1 else ''}"


def rates(rounds: list[Round], contender: str, case: str) -> list[float]:
    return [one[contender][case] for one in rounds if case in one.get(contender, {})]


def ratios(rounds: list[Round], contender: str, others: tuple[str, ...], case: str) -> list[float]:
    """To the best of the others, round by round, where all of them are."""
    return [
        one[contender][case] / max(one[other][case] for other in others)
        for one in rounds
        if all(case in one.get(name, {}) for name in (contender, *others))
    ]


def shares(rounds: list[Round], contender: str, case: str, of: tuple[str, ...]) -> list[float]:
    """Of the contender's own best rate in the same round."""
    return [
        one[contender][case] / max(one[contender][other] for other in of)
        for one in rounds
        if all(name in one.get(contender, {}) for name in (case, *of))
    ]


def shares_of_best_batch(rounds: list[Round], case: str) -> list[float]:
    return shares(rounds, OURS, case, tuple(batch_case(batch) for batch in BATCHES))


def lowest_cosine(vectors: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """Zeros and what is not finite agree with nothing."""
    a, b = vectors.astype(np.float64), reference.astype(np.float64)
    with np.errstate(all="ignore"):
        cosines = (a * b).sum(1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return float(np.nan_to_num(cosines, nan=0.0, posinf=0.0, neginf=0.0).min())


def targets(results: Results) -> list[Target]:
    ours, rounds = results.contenders[OURS], results.rounds
    on_cpu = results.machine["device"] == "cpu"
    no_amx = "" if on_cpu and results.machine["amx"] else "no AMX" if on_cpu else "not on a CPU"
    no_cpu = "" if on_cpu else "not on a CPU"

    def to_eager(batch: int, bound: float, idle: str) -> Target:
        figure = middle(ratios(rounds, OURS, (BASE,), batch_case(batch)))
        return Target(f"batch {batch}: times eager float32", bound, figure, idle=idle)

    def to_rivals(batch: int) -> Target:
        figure = middle(ratios(rounds, OURS, RIVALS, batch_case(batch)))
        return Target(f"batch {batch}: times the best rival", 1, figure, idle=no_amx)

    def served(side: int) -> Target:
        case = callers_case(side, max(CALLERS))
        return Target(
            f"{case}: share of best",
            0.85,
            middle(shares_of_best_batch(rounds, case)),
            idle=no_cpu,
        )

    return [
        to_eager(8, 8, no_amx),
        to_eager(1, 4, no_amx),
        *(to_rivals(batch) for batch in BATCHES),
        Target("cosine to eager float32", 0.999, ours.cosine),
        Target("warm start: s to compiled vector", 5, ours.warm_s(), at_most=True, idle=no_amx),
        *(to_eager(batch, 1, "") for batch in BATCHES),
        *(served(side) for side in JPEG_SIDES),
    ]
