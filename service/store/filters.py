"""The query language that both stores translate. Typed, small, and free of any engine's words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Equals:
    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class OneOf:
    field: str
    values: tuple[Scalar, ...]

    def __post_init__(self) -> None:
        _require(self.values)


@dataclass(frozen=True, slots=True)
class Range:
    field: str
    gt: float | None = None
    gte: float | None = None
    lt: float | None = None
    lte: float | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    field: str


@dataclass(frozen=True, slots=True)
class Not:
    filter: "Filter"


@dataclass(frozen=True, slots=True)
class AllOf:
    filters: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    filters: tuple["Filter", ...]

    def __post_init__(self) -> None:
        _require(self.filters)


Filter: TypeAlias = Equals | OneOf | Range | Exists | Not | AllOf | AnyOf


def _require(alternatives: Sequence[object]) -> None:
    if not alternatives:
        raise ValueError("None of nothing: to an engine, an empty choice would match everything.")


def all_of(filters: Sequence[Filter | None]) -> Filter | None:
    """What holds when every given filter holds; nothing given means everything matches."""
    given = tuple(f for f in filters if f is not None)
    return given[0] if len(given) == 1 else AllOf(given) if given else None


def walk(where: Filter) -> Iterator[tuple[Filter, int]]:
    """Every part with its depth, without recursion: a hostile filter must not exhaust the stack either."""
    waiting = [(where, 1)]
    while waiting:
        current, level = waiting.pop()
        yield current, level
        if isinstance(current, Not):
            waiting.append((current.filter, level + 1))
        elif isinstance(current, AllOf | AnyOf):
            waiting.extend((inner, level + 1) for inner in current.filters)


def values_in(where: Filter) -> Sequence[Scalar]:
    """What this part alone compares with."""
    match where:
        case Equals(_, value):
            return (value,)
        case OneOf(_, values):
            return values
        case Range(_, gt, gte, lt, lte):
            return [bound for bound in (gt, gte, lt, lte) if bound is not None]
    return ()
