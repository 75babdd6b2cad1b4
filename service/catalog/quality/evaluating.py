"""A measurement: every picture is looked at, then each pipeline in turn answers, and its vectors are let go."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedder import ImageLimits
from service.catalog.quality.comparing import contrasts, differences, worst
from service.catalog.quality.contenders import Contender
from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.figures import HISTOGRAM, THUMBNAIL, Evaluation, Index, Pipeline
from service.catalog.quality.looking import plainly
from service.catalog.quality.outcomes import (
    OnProgress,
    Outcome,
    answers,
    by_category,
    figure,
    outcome_of_chance,
)
from service.catalog.quality.ranking import Places, Space
from service.catalog.quality.rounds import Round, Rows, rounds_of
from service.catalog.quality.tasks import Asked, Tasks


class _Stopped(Exception):
    """Nobody waits for the answers any more."""


class Evaluating:
    def __init__(self, rows: Rows, asked: Asked, on_progress: OnProgress) -> None:
        self._rows = rows
        self._asked = asked
        self._tasks = Tasks(rows, asked)
        self._on_progress = on_progress
        self._usable: NDArray[np.bool_] = np.ones(len(rows.goods), np.bool_)
        self._unread = 0
        self._rounds: list[Round] = []
        self._outcomes: dict[str, list[Outcome]] = {}
        self._pipelines: dict[str, Pipeline] = {}
        self._contenders: list[str] = []

    async def begin(self, limits: ImageLimits) -> None:
        """Looks at every picture, and asks chance and the baselines."""
        plain = await plainly(self._rows.images, limits, self._on_progress)
        self._unread = int((~plain.readable).sum())
        self._usable = np.bincount(self._rows.owners, ~plain.readable, len(self._usable)) == 0
        if not self._usable.any():
            raise Unmeasurable("Not one of the pictures can be read.")
        self._rounds = list(self._some_rounds())
        await self._ask(Contender(HISTOGRAM, Space(plain.histograms)))
        await self._ask(Contender(THUMBNAIL, Space(plain.thumbnails)))

    @property
    def places(self) -> Places:
        """Of the pictures that there must be vectors of."""
        return np.flatnonzero(self._usable[self._rows.owners])

    async def compete(self, contender: Contender) -> None:
        await self._ask(contender)
        self._contenders.append(contender.name)

    def finish(
        self, machine: dict[str, Any], settings: dict[str, Any], index: Index | None = None
    ) -> Evaluation:
        order = [*self._contenders, HISTOGRAM, THUMBNAIL]
        outcomes = [one for name in order for one in self._outcomes[name]]
        outcomes += [outcome_of_chance(round_, self._asked.at) for round_ in self._rounds]
        first, others = self._answered()
        pairs = [pair for other in others for pair in zip(first, other, strict=True)]
        shown = self._shown()
        return Evaluation(
            datetime.now(UTC).isoformat(timespec="seconds"),
            machine,
            settings,
            products=int(self._usable.sum()),
            images=len(self.places),
            unread=self._unread,
            without_match={f"{round_.same}/{round_.inside}": round_.without for round_ in self._rounds},
            pipelines=[self._pipelines[name] for name in order],
            figures=[figure(one) for one in outcomes],
            categories=[each for one in outcomes for each in by_category(one, self._rows)],
            differences=[each for a, b in pairs for each in differences(a, b)],
            worst=worst(first[shown], self._rows),
            contrasts=[
                each for other in others for each in contrasts(first[shown], other[shown], self._rows)
            ],
            index=index,
        )

    def _some_rounds(self) -> Iterator[Round]:
        for task in self._tasks.among(self._usable):
            rounds = [round_ for round_ in rounds_of(task, self._rows) if len(round_.asking)]
            if not rounds:
                raise Unmeasurable(
                    f"No two products here match by {task.same!r}, so there is nothing to find."
                )
            yield from rounds

    def _answered(self) -> tuple[list[Outcome], list[list[Outcome]]]:
        first, *others = (self._outcomes[name] for name in self._contenders)
        return first, others

    def _shown(self) -> int:
        """The round from which examples are taken: what was asked for first, in the category if that is a question."""
        same = self._rounds[0].same
        of_first = [place for place, round_ in enumerate(self._rounds) if round_.same == same]
        return of_first[-1]

    async def _ask(self, contender: Contender) -> None:
        outcomes = await self._answers(contender)
        self._outcomes[contender.name] = outcomes
        self._pipelines[contender.name] = contender.pipeline(outcomes[0].per_s)

    async def _answers(self, contender: Contender) -> list[Outcome]:
        """In a thread, which does not go on long behind the back of whoever is cancelled."""
        stopped = threading.Event()

        def on_progress(stage: str, done: int, total: int) -> None:
            if stopped.is_set():
                raise _Stopped
            self._on_progress(stage, done, total)

        try:
            return await asyncio.to_thread(answers, contender, self._rounds, self._asked.at, on_progress)
        except asyncio.CancelledError:
            stopped.set()
            raise
