"""Two pipelines on the same questions, and the questions on which they differ most."""

from collections.abc import Iterator

import numpy as np

from service.catalog.quality.figures import METRICS, Answer, Contrast, Difference
from service.catalog.quality.intervals import by_chance, interval
from service.catalog.quality.outcomes import Outcome
from service.catalog.quality.ranking import NOWHERE
from service.catalog.quality.rounds import Rows

_SHOWN = 12


def differences(a: Outcome, b: Outcome) -> Iterator[Difference]:
    for metric in METRICS:
        by = b.metric(metric) - a.metric(metric)
        yield Difference(
            a.pipeline,
            b.pipeline,
            a.round.same,
            a.round.inside,
            interval(by),
            by_chance(by),
            metric,
            a.at,
        )


def worst(outcome: Outcome, rows: Rows) -> list[Answer]:
    """Least found, and of these where there is most to be found."""
    order = np.lexsort((-outcome.round.totals, outcome.metric("map")))
    return [_answer(outcome, int(row), rows) for row in order[:_SHOWN]]


def contrasts(a: Outcome, b: Outcome, rows: Rows) -> list[Contrast]:
    """As many where the one is better as where the other is, as far as there are."""
    by = b.metric("map") - a.metric("map")
    order = np.argsort(-by, kind="stable")
    better = [row for row in order[: _SHOWN // 2] if by[row] > 0]
    worse = [row for row in order[::-1][: _SHOWN // 2] if by[row] < 0]
    return [Contrast(_answer(a, int(row), rows), _answer(b, int(row), rows)) for row in (*better, *worse)]


def _answer(outcome: Outcome, row: int, rows: Rows) -> Answer:
    round_ = outcome.round
    places = outcome.found[row]
    relevant = round_.task.relevance.of(round_.asking[row : row + 1], places[None, :])[0]
    there = places != NOWHERE
    return Answer(
        outcome.pipeline,
        round_.same,
        round_.inside,
        rows.good(int(round_.asking[row])),
        [rows.good(int(place)) for place in places[there]],
        [bool(match) for match in relevant[there]],
        float(outcome.metric("precision")[row]),
    )
