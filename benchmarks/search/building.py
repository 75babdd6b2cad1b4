"""What one caller notices of an index being built: a process that fills this store and asks all the while."""

import asyncio
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.processes import answers_apart, say

from .catalogue import IN_CATEGORY, Catalogue
from .contender import Answer
from .figures import DURING, DURING_NEXT, ENOUGH, IDLE, Building, Timings, recall_of, timings
from .ours import answer, fill, opened

_FIRST_SHARE = 2 / 3  # the rest is enough for the store to make another index by itself
# Where others take the cores too, whoever asks without a pause can keep the builder, which gives way, from ending.
_PATIENCE_S = 150.0


class Caller:
    """Asks inside categories, again and again. What is found is judged once everything is written."""

    def __init__(self, store: Any, catalogue: Catalogue) -> None:
        self._store, self._catalogue = store, catalogue
        self._questions = catalogue.questions(IN_CATEGORY)

    async def until(self, done: asyncio.Future[Any], enough: int, *, judged: bool) -> Timings:
        found: list[tuple[int, Answer]] = []
        end = time.perf_counter() + _PATIENCE_S
        while (not done.done() and time.perf_counter() < end) or len(found) < enough:
            row = len(found) % len(self._questions.vectors)
            found.append((row, await answer(self._store, self._questions, row)))
        recalls = [recall_of(self._catalogue, self._questions, row, ids) for row, (_, ids) in found if judged]
        return timings([each for _, each in found], recalls)


async def phases(catalogue: Catalogue, folder: Path, seconds: float) -> Building:
    shape = catalogue.shape
    result = Building(shape.points, shape.dim)
    first = round(shape.points * _FIRST_SHARE)
    async with opened(catalogue, folder) as store:
        caller = Caller(store, catalogue)

        async def phase(name: str, work: Any, enough: int) -> None:
            started = time.perf_counter()
            doing = asyncio.ensure_future(work)
            result.phases[name] = await caller.until(doing, enough, judged=name == IDLE)
            await doing
            result.seconds[name] = time.perf_counter() - started

        async def more() -> None:
            await fill(store, catalogue, first)
            await store.settle()

        await fill(store, catalogue, 0, first)
        await phase(DURING, store.settle(), 1)
        await phase(DURING_NEXT, more(), 1)
        await phase(IDLE, asyncio.sleep(seconds), ENOUGH)
    return result


def main() -> None:
    catalogue, folder, seconds = sys.argv[1:]
    with answers_apart() as answers, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(phases(Catalogue(Path(catalogue)), Path(folder), float(seconds)))
        say(asdict(result), answers)


if __name__ == "__main__":
    main()
