"""What a measurement found: plain values, from which the table, the chart, the sheets and the JSON are made."""

from dataclasses import dataclass, field
from typing import Any

from service.catalog.quality.goods import Good

METRICS = ("precision", "recall", "first", "map")
WORDS = {"precision": "precision@{k}", "recall": "recall@{k}", "first": "R@1", "map": "mAP@{k}"}
CHANCE, HISTOGRAM, THUMBNAIL = "chance", "colour histogram", "16x16 thumbnail"
BASELINES = (CHANCE, HISTOGRAM, THUMBNAIL)
EVERYWHERE, IN_CATEGORY = "all", "category"


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over questions, and between what it would lie 95 times of 100 had others been asked. Chance is exact."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    pipeline: str
    """A pipeline's name or one of BASELINES."""
    same: str
    """What makes a match: `category`, `category,baseColour`, `pairs` or `images`."""
    inside: str
    """Where was searched: EVERYWHERE or IN_CATEGORY."""
    at: int
    precision: Interval
    recall: Interval
    first: Interval
    map: Interval
    queries: int
    """Products that asked: those for which there is something to find."""
    category: str = ""
    """Only what is asked from there; empty: all."""

    def metric(self, name: str) -> Interval:
        return {"precision": self.precision, "recall": self.recall, "first": self.first, "map": self.map}[
            name
        ]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better `b` is than `a` on the same questions."""

    a: str
    b: str
    same: str
    inside: str
    by: Interval
    p: float
    """How often the same questions would differ as much if it were by chance which of the two has which answer."""
    metric: str = "precision"
    at: int = 10


@dataclass(frozen=True, slots=True)
class Answer:
    pipeline: str
    same: str
    inside: str
    query: Good
    found: list[Good]
    relevant: list[bool]
    precision: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """One question, answered by two pipelines very differently."""

    a: Answer
    b: Answer


@dataclass(frozen=True, slots=True)
class Pipeline:
    name: str
    spec: dict[str, str]
    """What was asked for; empty for a baseline."""
    fingerprint: str
    dim: int
    bytes_per_vector: int
    embedded_per_s: float | None
    """Images, from their bytes; None where the vectors were there already."""
    searched_per_s: float
    """Questions, compared with everything."""


@dataclass(frozen=True, slots=True)
class Index:
    """The live generation's: how well and how fast it finds what comparing with everything finds."""

    generation: str
    vectors: int
    bytes_on_disk: int | None
    recall: Interval
    recall_in_category: Interval
    searched_per_s: float
    exactly_per_s: float
    queries: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    date: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    """What was measured: the source, its size, what was held out, k."""
    products: int
    images: int
    unread: int
    """Images that could not be read; their products are left out everywhere."""
    without_match: dict[str, int]
    """By `same` and `inside`, as `same/inside`: products that could not ask, for nothing matches them there."""
    pipelines: list[Pipeline]
    figures: list[Figure]
    categories: list[Figure]
    """The same figures by the category that asks, the categories with most questions first."""
    differences: list[Difference] = field(default_factory=list)
    worst: list[Answer] = field(default_factory=list)
    """Of the first pipeline."""
    contrasts: list[Contrast] = field(default_factory=list)
    """Of the first pipeline and each other."""
    index: Index | None = None
