"""An evaluation as rows of words, whatever they are printed on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from service.catalog.quality.figures import (
    BASELINES,
    CHANCE,
    METRICS,
    Difference,
    Evaluation,
    Figure,
    Pipeline,
)
from service.catalog.quality.words import capital, gain, mark, measured, metric_name, question, size, speed

Found = TypeVar("Found", Figure, Difference)
Question: TypeAlias = tuple[str, str, int]

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    faint: frozenset[int] = frozenset()
    """Rows of what the others are measured against."""


def answered(evaluation: Evaluation) -> list[Section]:
    """How good the answers are: a section for each question, a row for each who answered."""
    return [_answered(evaluation, figures) for figures in _questions(evaluation.figures).values()]


def gained(evaluation: Evaluation) -> Section | None:
    """How much better the others answered than the first pipeline."""
    rows: dict[tuple[str, str], dict[str, Difference]] = {}
    for found in evaluation.differences:
        name = f"{found.b} over {found.a}"
        rows.setdefault((name, question(found.same, found.inside)), {})[found.metric] = found
    if not rows:
        return None
    names = (metric_name(metric, evaluation.differences[0].at) for metric in METRICS)
    return Section("How much better", ("", "question", *names), tuple(map(_gains, rows, rows.values())))


def costs(evaluation: Evaluation) -> Section:
    columns = ("", "numbers", "a vector", "a million", "embedded/s", "searched/s")
    return Section("What it takes", columns, tuple(map(_cost, evaluation.pipelines)))


def by_category(evaluation: Evaluation, most: int, names: Sequence[str]) -> list[Section]:
    return [_by_category(figures, most, names) for figures in _questions(evaluation.categories).values()]


def _questions(found: Iterable[Found]) -> dict[Question, list[Found]]:
    grouped: dict[Question, list[Found]] = {}
    for one in found:
        grouped.setdefault((one.same, one.inside, one.at), []).append(one)
    return grouped


def _answered(evaluation: Evaluation, figures: Sequence[Figure]) -> Section:
    one = figures[0]
    found = _questions(evaluation.differences).get((one.same, one.inside, one.at), [])
    differences = {(difference.b, difference.metric): difference for difference in found}
    more = ("gain",) if found else ()
    return Section(
        f"{capital(question(one.same, one.inside))}: {one.queries:,} products asked{_silent(evaluation, one)}",
        ("", *(metric_name(name, one.at) for name in METRICS), *more),
        tuple(_answers(figure, differences, gains=bool(found)) for figure in figures),
        frozenset(place for place, figure in enumerate(figures) if figure.pipeline in BASELINES),
    )


def _silent(evaluation: Evaluation, figure: Figure) -> str:
    without = evaluation.without_match.get(f"{figure.same}/{figure.inside}", 0)
    return f", {without:,} others have no match there" if without else ""


def _answers(
    figure: Figure, differences: Mapping[tuple[str, str], Difference], *, gains: bool
) -> tuple[str, ...]:
    over = differences.get((figure.pipeline, METRICS[0]))
    cells = [_marked(figure, name, differences.get((figure.pipeline, name))) for name in METRICS]
    return figure.pipeline, *cells, *([gain(over) if over else ""] if gains else [])


def _marked(figure: Figure, metric: str, difference: Difference | None) -> str:
    words = _measured(figure, metric)
    return f"{words} {mark(difference.p)}".rstrip() if difference else words


def _measured(figure: Figure, metric: str) -> str:
    """Chance is exact: no interval stands around it."""
    value = figure.metric(metric)
    return f"{value.value:.3f}" if figure.pipeline == CHANCE else measured(value)


def _gains(names: tuple[str, str], row: dict[str, Difference]) -> tuple[str, ...]:
    return *names, *(gain(row[metric]) if metric in row else "" for metric in METRICS)


def _cost(pipeline: Pipeline) -> tuple[str, ...]:
    bytes_ = pipeline.bytes_per_vector
    return (
        pipeline.name,
        f"{pipeline.dim:,}",
        size(bytes_),
        size(bytes_ * _MILLION),
        speed(pipeline.embedded_per_s),
        speed(pipeline.searched_per_s),
    )


def _by_category(figures: Sequence[Figure], most: int, names: Sequence[str]) -> Section:
    one = figures[0]
    rows: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        rows.setdefault(figure.category, {})[figure.pipeline] = figure
    return Section(
        f"{metric_name(METRICS[0], one.at)} by the category that asks: {question(one.same, one.inside)}",
        ("category", "asked", *names),
        tuple(_category_row(category, row, names) for category, row in list(rows.items())[:most]),
    )


def _category_row(category: str, row: dict[str, Figure], names: Sequence[str]) -> tuple[str, ...]:
    asked = max(figure.queries for figure in row.values())
    cells = [_measured(row[name], METRICS[0]) if name in row else "-" for name in names]
    return category or "(none)", f"{asked:,}", *cells
