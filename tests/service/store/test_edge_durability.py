"""What was acknowledged is there, whatever is killed and when; and a killed process is soon replaced."""

import asyncio
import contextlib
import logging
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import cast

import pytest
import uvloop

from service.store.base import VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.errors import StoreUnavailable
from service.store.live import open_live
from tests.service.store.caller import Caller
from tests.service.store.history import Kind, generation, history, points_of
from tests.service.store.model import Model
from tests.service.store.processes import kill_tree
from tests.service.store.whole import Contents, difference, everything

log = logging.getLogger(__name__)

WRITER = Path(__file__).with_name("write_history.py")
KINDS = ["upsert", "delete", "payload", "index", "swap"]


class Killed:
    """One store that is written to, killed and looked at, again and again."""

    def __init__(self, folder: Path, seed: int, kind: str, kill: Callable[[int], int] = kill_tree) -> None:
        self.folder, self.seed, self.kind = folder / kind, seed, kind
        self.kill = kill
        self.done = 0
        self.processes: Counter[int] = Counter()
        if kind == "swap":
            self.model = _generation(0)
            asyncio.run(self._found())  # makes it
        else:
            self.model = Model("cosine")
            self.writes = history(seed, cast("Kind", "mixed" if kind == "index" else kind))

    def round(self, after_s: float, *, after_writes: int = 0) -> None:
        acknowledged = self._write_until_killed(after_s, after_writes)
        found = asyncio.run(self._found())
        while self.done < acknowledged:
            self._next()
        if (wrong := difference(found, self.model.contents)) is not None:
            self._next()  # it may have been done, and not told any more
            assert difference(found, self.model.contents) is None, f"after {self.done} writes {wrong}"

    def _next(self) -> None:
        self.done += 1
        if self.kind == "swap":
            self.model = _generation(self.done)
        else:
            next(self.writes).tell(self.model)

    def _write_until_killed(self, after_s: float, after_writes: int) -> int:
        command = [sys.executable, str(WRITER), str(self.folder), str(self.seed), self.kind, str(self.done)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, env=environment, start_new_session=True
        ) as writer:
            assert writer.stdout is not None
            assert select.select([writer.stdout], [], [], 30)[0], "the writer did not begin"
            told = [writer.stdout.readline() for _ in range(1 + after_writes)]
            time.sleep(after_s)
            self.processes[self.kill(writer.pid)] += 1
            last = [*told, *writer.stdout.read().split()][-1]
        return int(last)

    async def _found(self) -> Contents:
        """Opened as the next owner would: without complaint, and with all that the live generation holds."""
        generations = EdgeGenerations(self.folder)
        try:
            live = await generations.live()
            number = int(live.identity.fingerprint.rpartition(".")[2]) if live is not None else 0
            store = await open_live(generations, generation(number), upgrade=True)
            if self.kind == "swap" and live is None:
                await self._fill(generations)
            found = await everything(store)
            assert await store.count() == len(found)
            return found
        finally:
            await generations.aclose()

    async def _fill(self, generations: EdgeGenerations) -> None:
        live = await generations.live()
        assert live is not None
        for batch in points_of(0):
            await generations.open(live).upsert(batch)


def _generation(number: int) -> Model:
    model = Model("cosine")
    for batch in points_of(number):
        model.upsert(batch)
    return model


def moments(kills: int, seed: int) -> Iterator[float]:
    """Many in the first moments, when processes and files are being made; some later."""
    if kills == 1:
        return iter([0.2])
    chance = random.Random(seed)
    return islice(iter(lambda: chance.choice([0.05, 0.4, 1.0]) * chance.random(), None), kills)


often = pytest.mark.parametrize(
    "kills",
    [1, pytest.param(24, marks=[pytest.mark.slow, pytest.mark.timeout(600)])],
    ids=lambda kills: f"{kills} kills",
)


@often
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_acknowledged_is_lost_when_every_process_is_killed(
    tmp_path: Path, kind: str, kills: int
) -> None:
    """Five kinds of 24 kills are 120. Every write is there whole or, unacknowledged, not at all."""
    killed = Killed(tmp_path, seed=kills, kind=kind)
    for after_s in moments(kills, seed=KINDS.index(kind)):
        killed.round(after_s, after_writes=1 if kills == 1 else 0)
    while killed.done == 0:  # on a busy machine the first kill may come before the first write
        killed.round(1.0)
    assert min(killed.processes) >= 2, "with the process that owns the files"


@often
@pytest.mark.parametrize("kind", ["upsert", "index", "swap"])
def test_nothing_is_lost_when_the_owner_alone_is_killed_and_another_follows_at_once(
    tmp_path: Path, kind: str, kills: int
) -> None:
    """What it had started is still there for a moment, and still has the files open."""

    def kill(pid: int) -> int:
        os.kill(pid, signal.SIGKILL)
        return 1

    killed = Killed(tmp_path, seed=kills, kind=kind, kill=kill)
    for after_s in moments(kills, seed=100 + KINDS.index(kind)):
        killed.round(after_s, after_writes=1 if kills == 1 else 0)
    while killed.done == 0:  # on a busy machine the first kill may come before the first write
        killed.round(1.0)


@pytest.mark.parametrize(
    "new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def test_a_store_killed_under_load_is_soon_back_and_every_call_ends_cleanly(
    new_loop: Callable[[], asyncio.AbstractEventLoop], tmp_path: Path
) -> None:
    """Twenty kills under eight callers. uvloop is what `vizinho serve` runs on."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_killed_under_load(tmp_path))


async def _killed_under_load(folder: Path) -> None:
    generations = EdgeGenerations(folder / "store")
    store = await open_live(generations, generation(0), upgrade=True)
    callers = [Caller(number, store) for number in range(8)]
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as working:
        for caller in callers:
            working.create_task(caller.work(stop))
        recoveries_s = [await _killed_and_back(generations, store) for _ in range(20)]
        stop.set()
    expected = {id_: kept for caller in callers for id_, kept in caller.model.contents.items()}
    assert difference(await everything(store), expected) is None
    await generations.aclose()
    outcomes = sum((caller.outcomes for caller in callers), Counter[str]())
    assert outcomes.keys() <= {"answered", "StoreUnavailable"}
    assert outcomes["StoreUnavailable"] > 0
    log.info("Worst of 20 recoveries: %.2f s. Outcomes: %s", max(recoveries_s), dict(outcomes))
    assert max(recoveries_s) <= 5


async def _killed_and_back(generations: EdgeGenerations, store: VectorStore) -> float:
    await asyncio.sleep(random.random() * 0.3)
    shard = generations.shard(store.generation.name)
    killed = shard.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    started = time.perf_counter()
    while True:
        with contextlib.suppress(StoreUnavailable):
            await store.count()
            if shard.pid != killed:
                return time.perf_counter() - started
        await asyncio.sleep(0.005)
