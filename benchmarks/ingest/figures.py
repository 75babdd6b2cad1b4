"""What an ingestion is judged by."""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.figures import Target, middle

MEMORY_GROWTH = 1.25
RATE_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Run:
    """One `vizinho ingest`, from outside."""

    embedded: int
    rejected: int
    seconds: float
    """As it says itself: without loading the network."""
    peak_bytes: int
    """Of the process that embeds."""
    store_peak_bytes: int
    """Of the store's, without the files that it maps: those the kernel may drop at any moment."""

    @property
    def images_per_s(self) -> float:
        return self.embedded / self.seconds


@dataclass(frozen=True, slots=True)
class Round:
    own_images_per_s: float
    """The embedder's alone, from the same files: the mean of just before and just after."""
    run: Run

    @property
    def share(self) -> float:
        return self.run.images_per_s / self.own_images_per_s


@dataclass(frozen=True, slots=True)
class Size:
    products: int
    run: Run


@dataclass(slots=True)
class Results:
    date: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    rounds: list[Round] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)

    @property
    def part(self) -> str:
        """Memory takes long and may be measured beside other work; the rate wants the machine for itself."""
        if self.rounds and self.sizes:
            return "all"
        return "rate" if self.rounds else "memory"

    @property
    def growth(self) -> float | None:
        """Of memory, from the smallest size to the largest."""
        if len(self.sizes) < 2:
            return None
        by_size = sorted(self.sizes, key=lambda size: size.products)
        return by_size[-1].run.peak_bytes / by_size[0].run.peak_bytes


def targets(results: Results) -> list[Target]:
    runs = [*(round_.run for round_ in results.rounds), *(size.run for size in results.sizes)]
    shares = [one.share for one in results.rounds]
    rate = Target(
        "share of the embedder's own rate",
        RATE_SHARE,
        middle(shares),
        idle="" if shares or not results.sizes else "memory alone",
    )
    memory = Target(
        "memory, largest size / smallest",
        MEMORY_GROWTH,
        results.growth,
        at_most=True,
        idle="" if results.sizes or not shares else "the rate alone",
    )
    rejected = float(sum(run.rejected for run in runs)) if runs else None
    return [rate, memory, Target("rejected", 0, rejected, at_most=True)]
