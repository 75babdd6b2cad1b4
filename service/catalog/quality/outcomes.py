"""What each pipeline answered in each round, and how good the answers were."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from service.catalog.quality.contenders import Contender
from service.catalog.quality.figures import CHANCE, Figure
from service.catalog.quality.intervals import Values, exactly, interval
from service.catalog.quality.metrics import Scores, column, scored
from service.catalog.quality.ranking import NOWHERE, Places, nearest
from service.catalog.quality.rounds import Round, Rows

OnProgress = Callable[[str, int, int], None]
Place: TypeAlias = tuple[str, int]
"""Inside what is searched, and in which gallery."""


@dataclass(frozen=True, slots=True)
class Outcome:
    pipeline: str
    round: Round
    at: int
    found: Places
    scores: Scores
    per_s: float

    def metric(self, name: str) -> Values:
        return column(self.scores, name)


def answers(contender: Contender, rounds: Sequence[Round], at: int, on_progress: OnProgress) -> list[Outcome]:
    """One a round. Where several rounds search the same place, who asks in more than one is answered once."""
    found: dict[Place, tuple[Places, Places, float]] = {}
    for place, alike in _by_place(rounds).items():
        asking = np.unique(np.concatenate([round_.asking for round_ in alike]))
        telling = partial(_tell, on_progress, f"asking: {contender.name}", len(asking))
        started = time.perf_counter()
        nearest_ = nearest(contender.space, asking, alike[0].task.gallery, at, alike[0].groups, telling)
        seconds = max(time.perf_counter() - started, 1e-9)
        found[place] = asking, nearest_, len(asking) / seconds
    return [_outcome(contender.name, round_, at, *found[_place(round_)]) for round_ in rounds]


def _by_place(rounds: Sequence[Round]) -> dict[Place, list[Round]]:
    places: dict[Place, list[Round]] = {}
    for round_ in rounds:
        places.setdefault(_place(round_), []).append(round_)
    return places


def _place(round_: Round) -> Place:
    return round_.inside, id(round_.task.gallery)


def _outcome(name: str, round_: Round, at: int, asking: Places, found: Places, per_s: float) -> Outcome:
    own = found[np.searchsorted(asking, round_.asking)]
    counted = scored(round_.task.relevance, round_.asking, own, round_.totals)
    return Outcome(name, round_, at, own, counted, per_s)


def _tell(on_progress: OnProgress, stage: str, total: int, done: int) -> None:
    on_progress(stage, done, total)


def outcome_of_chance(round_: Round, at: int) -> Outcome:
    nothing = np.full((len(round_.asking), at), NOWHERE)
    return Outcome(CHANCE, round_, at, nothing, round_.chance(at), 0.0)


def figure(outcome: Outcome) -> Figure:
    return _figure(outcome, outcome.scores, "")


def by_category(outcome: Outcome, rows: Rows) -> list[Figure]:
    """Those with most questions first."""
    groups = rows.categories[outcome.round.asking]
    asked, counts = np.unique(groups, return_counts=True)
    figures = []
    for group in asked[np.argsort(-counts, kind="stable")]:
        asking = np.flatnonzero(groups == group)
        category = rows.good(int(outcome.round.asking[asking[0]])).category
        figures.append(_figure(outcome, outcome.scores[asking], category))
    return figures


def _figure(outcome: Outcome, scores: Scores, category: str) -> Figure:
    round_ = outcome.round
    mean = exactly if outcome.pipeline == CHANCE else interval
    precision, recall, first, map_ = (mean(column) for column in scores.T)
    return Figure(
        outcome.pipeline,
        round_.same,
        round_.inside,
        outcome.at,
        precision,
        recall,
        first,
        map_,
        queries=len(scores),
        category=category,
    )
