"""The embedded store does what a dictionary does, whatever it is asked and however often it is stopped meanwhile."""

import asyncio
import copy
import os
import signal
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from service.store.base import Distance, Identity, Payload, Point, Vector
from service.store.edge_build import build as build_index
from service.store.edge_generations import EdgeGenerations
from service.store.errors import StoreUnavailable
from service.store.filters import AllOf, Equals, Filter
from service.store.live import open_live
from tests.service.store.drawn import DIM, batches, filters, ids, payloads, vectors
from tests.service.store.model import Model
from tests.service.store.whole import difference, everything

T = TypeVar("T")

CALM_STEPS = 8  # between two interruptions, of which each costs a process
# What the model proves does not depend on the disk.
MEMORY = Path("/dev/shm")


class EmbeddedAgainstModel(RuleBasedStateMachine):
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.calm = 0

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize(distance=st.sampled_from(["cosine", "euclid"]))
    def open(self, distance: Distance) -> None:
        self.model = Model(distance)
        self.identity = Identity("test.unit.1", DIM, distance)
        self.wait(self._open())

    async def _open(self) -> None:
        self.generations = EdgeGenerations(Path(self.folder.name) / "store")
        self.store = await open_live(self.generations, self.identity, upgrade=True)
        for key, kind in {"colour": "keyword", "sizes": "keyword", "price": "number", "new": "bool"}.items():
            await self.store.ensure_index(f"attributes.{key}", kind)  # type: ignore[arg-type]

    @invariant()
    def it_holds_what_the_dictionary_holds(self) -> None:
        self.done["steps"] += 1
        self.done["points"] += len(self.model.contents)
        self.calm += 1
        found = self.wait(everything(self.store, page_size=7))
        assert difference(found, self.model.contents, self.model.distance) is None
        assert self.wait(self.store.count()) == len(found)

    # Writes

    @rule(points=batches)
    def upsert(self, points: list[Point]) -> None:
        self.wait(self.store.upsert(points))
        self.model.upsert(points)

    @rule(some=st.lists(ids, max_size=6))
    def delete(self, some: list[str]) -> None:
        self.wait(self.store.delete(some))
        self.model.delete(some)

    @rule(where=filters)
    def delete_where(self, where: Filter) -> None:
        where = AllOf((Equals("position", 1), where))  # or little would ever be left
        self.wait(self.store.delete_where(where))
        self.model.delete(list(self.model.ids(where)))

    @rule(id_=ids, payload=payloads)
    def overwrite_payload(self, id_: str, payload: Payload) -> None:
        self.wait(self.store.overwrite_payload(id_, payload))
        self.model.overwrite_payload(id_, payload)

    @rule(some=st.lists(ids, max_size=6), payload=payloads)
    def set_payload(self, some: list[str], payload: Payload) -> None:
        self.wait(self.store.set_payload(some, payload))
        self.model.set_payload(some, payload)

    # Reads

    @rule(some=st.lists(ids, max_size=6, unique=True))
    def retrieve(self, some: list[str]) -> None:
        found = self.wait(self.store.retrieve(some, with_vectors=True))
        assert [point.id for point in found] == [id_ for id_ in some if id_ in self.model.contents]

    @rule(where=filters, limit=st.integers(1, 50))
    def count_and_scroll(self, where: Filter, limit: int) -> None:
        expected = self.model.ids(where)
        assert self.wait(self.store.count(where)) == len(expected)
        page = self.wait(self.store.scroll(where=where, limit=limit))
        assert len(page.points) == min(limit, len(expected))
        assert {point.id for point in page.points} <= expected

    @rule(field=st.sampled_from(["categories", "attributes.colour", "attributes.sizes"]), where=filters)
    def facet(self, field: str, where: Filter) -> None:
        assert self.wait(self.store.facet(field, where=where)) == self.model.facet(field, where)

    @rule(
        asked=vectors,
        where=st.none() | filters,
        limit=st.integers(1, 50),
        offset=st.integers(0, 5),
        exact=st.booleans(),
    )
    def query(self, asked: Vector, where: Filter | None, limit: int, offset: int, exact: bool) -> None:
        hits = self.wait(self.store.query(asked, where=where, limit=limit, offset=offset, exact=exact))
        scores = self.model.scores(asked, where)
        best = sorted(scores.values(), reverse=True)[offset : offset + limit]
        assert [hit.score for hit in hits] == pytest.approx(best, abs=1e-5)
        assert len({hit.id for hit in hits}) == len(hits)
        for hit in hits:
            assert hit.score == pytest.approx(scores[hit.id], abs=1e-5)
            assert hit.payload == self.model.contents[hit.id][0]

    # Interruptions

    @precondition(lambda self: self.calm > CALM_STEPS)
    @rule(
        how=st.sampled_from(["reopen", "kill", "build"]),
        points=batches,
        delay_s=st.sampled_from([0, 0.001, 0.005]),
    )
    def interrupt(self, how: str, points: list[Point], delay_s: float) -> None:
        self.calm = 0
        self.done[how] += 1
        if how == "reopen":
            self.wait(self.generations.aclose())
            self.wait(self._open())
        elif how == "build":
            self.wait(self._build_an_index_while_writing(points))
            self.model.upsert(points)
        else:
            self.kill_while_writing(points, delay_s)

    async def _build_an_index_while_writing(self, points: list[Point]) -> None:
        building = asyncio.create_task(build_index(self.generations.shard("g000001")))
        await asyncio.sleep(0.02)
        await self.store.upsert(points)
        await building

    def kill_while_writing(self, points: list[Point], delay_s: float) -> None:
        after = copy.copy(self.model)
        after.contents = dict(self.model.contents)
        after.upsert(points)
        acknowledged, found = self.wait(self._killed_while_writing(points, delay_s))
        whole = difference(found, after.contents, self.model.distance) is None
        assert whole or not acknowledged
        self.model = after if whole else self.model  # and nothing between: the invariant sees to that

    async def _killed_while_writing(self, points: list[Point], delay_s: float) -> tuple[bool, Any]:
        pid = self.generations.shard("g000001").pid
        assert pid is not None
        asyncio.get_running_loop().call_later(delay_s, os.kill, pid, signal.SIGKILL)
        acknowledged = True
        try:
            await self.store.upsert(points)
        except StoreUnavailable:
            acknowledged = False
        await asyncio.sleep(delay_s)
        while True:
            try:
                return acknowledged, await everything(self.store)
            except StoreUnavailable:
                await asyncio.sleep(0.01)

    def teardown(self) -> None:
        self.wait(self.generations.aclose())
        self.runner.close()
        self.folder.cleanup()


def compared(examples: int, *, derandomize: bool) -> Counter[str]:
    """Runs the comparison, and gives how many steps it had and how often it was interrupted."""
    EmbeddedAgainstModel.done.clear()
    run_state_machine_as_test(
        EmbeddedAgainstModel,
        settings=settings(
            max_examples=examples,
            stateful_step_count=100,
            deadline=None,
            derandomize=derandomize,
            database=None,
            phases=[Phase.generate],  # a shorter history of an interrupted store is seldom the same history
            suppress_health_check=list(HealthCheck),
        ),
    )
    return EmbeddedAgainstModel.done


def test_the_embedded_store_does_what_a_dictionary_does() -> None:
    done = compared(examples=34, derandomize=True)
    assert done["steps"] >= 2_000
    assert min(done["reopen"], done["kill"], done["build"]) >= 5


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_the_embedded_store_does_what_a_dictionary_does_for_long() -> None:
    assert compared(examples=120, derandomize=False)["steps"] >= 10_000
