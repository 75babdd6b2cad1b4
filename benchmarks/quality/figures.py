"""How often a match is a good one, and how often chance would have it so."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from benchmarks.figures import Target

from .neighbours import Places, Vectors, nearest

SHARED = ("baseColour", "pattern")
LEVELS = {"leaf": 3, "parent": 2, "top": 1}  # how much of the category's path two products have in common
PRECISION_AT = 10
ASKED = 0.9

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class BestMatch:
    """Shares of the products that are not alone at this level."""

    level: str
    products: int
    either: float
    colour: float
    pattern: float
    chance: float  # of either, for a product taken at random
    possible: float  # of either, for whoever knows the labels


@dataclass(frozen=True, slots=True)
class Precision:
    label: str
    inside: str  # where was searched: "all" or the label that had to be the same
    products: int
    precision: float
    chance: float


@dataclass(slots=True)
class Results:
    date: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    embedder: dict[str, Any]
    products: int
    best: list[BestMatch] = field(default_factory=list)
    precision: list[Precision] = field(default_factory=list)


def targets(results: Results) -> list[Target]:
    leaf = next((one.either for one in results.best if one.level == "leaf"), None)
    idle = "" if results.best else "the catalogue names no patterns"
    return [Target("best match inside the leaf shares colour or pattern", ASKED, leaf, idle=idle)]


def best_match(vectors: Vectors, products: Sequence[Labels], level: str) -> BestMatch:
    groups = [_group(product, level) for product in products]
    answers = {place: int(best[0]) for place, best in enumerate(nearest(vectors, groups, 1)) if best.size}
    agreed = [_agreed(products[place], products[best]) for place, best in answers.items()]
    chances = [chance for place, chance in enumerate(_chances(products, groups)) if place in answers]
    return BestMatch(
        level,
        len(answers),
        either=_mean(bool(names) for names in agreed),
        colour=_mean("baseColour" in names for names in agreed),
        pattern=_mean("pattern" in names for names in agreed),
        chance=_mean(chances),
        possible=_mean(chance > 0 for chance in chances),
    )


def precision(
    vectors: Vectors, products: Sequence[Labels], label: str, inside: str = "", at: int = PRECISION_AT
) -> Precision:
    groups = [product[inside] if inside else "" for product in products]
    kinds = [product[label] for product in products]
    sizes, counts = Counter(groups), Counter(zip(groups, kinds, strict=True))
    shares, chances = [], []
    for place, found in enumerate(nearest(vectors, groups, at)):
        if found.size:
            shares.append(_share(kinds, place, found))
            group, kind = groups[place], kinds[place]
            chances.append((counts[group, kind] - 1) / (sizes[group] - 1))
    return Precision(label, inside or "all", len(shares), _mean(shares), _mean(chances))


def _group(product: Labels, level: str) -> str:
    return "/".join(product["category"].split("/")[: LEVELS[level]])


def _agreed(one: Labels, other: Labels) -> set[str]:
    return {name for name in SHARED if one[name] == other[name]}


def _chances(products: Sequence[Labels], groups: Sequence[str]) -> list[float]:
    """For each product: how many of the others in its group share a label. Both are counted once."""
    marks = [tuple(product[name] for name in SHARED) for product in products]
    sizes = Counter(groups)
    colours = Counter((group, colour) for group, (colour, _) in zip(groups, marks, strict=True))
    patterns = Counter((group, pattern) for group, (_, pattern) in zip(groups, marks, strict=True))
    both = Counter(zip(groups, marks, strict=True))
    return [
        (colours[group, mark[0]] + patterns[group, mark[1]] - both[group, mark] - 1)
        / max(1, sizes[group] - 1)
        for group, mark in zip(groups, marks, strict=True)
    ]


def _share(kinds: Sequence[str], place: int, found: Places) -> float:
    return _mean(kinds[other] == kinds[place] for other in found)


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return fmean(numbers) if numbers else 0.0
