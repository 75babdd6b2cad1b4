"""The embedded store's process: it dies, it hangs, it is owned by somebody else, its files are damaged."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest

from service.store import edge_process
from service.store.base import Identity
from service.store.edge import EdgeStore
from service.store.edge_generations import EdgeGenerations
from service.store.edge_options import EdgeOptions
from service.store.errors import StoreBusy, StoreDamaged, StoreTimedOut, StoreUnavailable
from service.store.filters import Equals
from service.store.live import build, open_live
from tests.service.store.points import point, vector

pytestmark = pytest.mark.anyio

IDENTITY = Identity("test.unit.1", 8, "cosine")


@pytest.fixture
async def generations(tmp_path: Path) -> AsyncIterator[EdgeGenerations]:
    opened = EdgeGenerations(tmp_path / "store")
    yield opened
    await opened.aclose()


@pytest.fixture
async def store(generations: EdgeGenerations) -> EdgeStore:
    built = await build(generations, IDENTITY)
    assert isinstance(built, EdgeStore)
    return built


def kill(generations: EdgeGenerations, with_signal: signal.Signals = signal.SIGKILL) -> int:
    pid = generations.shard("g000001").pid
    assert pid is not None
    os.kill(pid, with_signal)
    return pid


async def test_a_killed_child_is_started_again_and_nothing_acknowledged_is_lost(
    generations: EdgeGenerations, store: EdgeStore
) -> None:
    for round_ in range(5):
        await store.upsert([point(round_ * 10 + n, vector(1, n)) for n in range(10)])
        kill(generations)
        started = time.perf_counter()
        while True:
            try:
                count = await store.count()
                break
            except StoreUnavailable:
                assert time.perf_counter() - started < 5
        assert count == (round_ + 1) * 10


@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGBUS, signal.SIGSEGV])
async def test_calls_in_flight_when_the_child_dies_fail_as_unavailable(
    generations: EdgeGenerations, store: EdgeStore, with_signal: signal.Signals
) -> None:
    stopped = kill(generations, signal.SIGSTOP)  # so that the calls are surely in flight
    calls = [asyncio.create_task(store.count()) for _ in range(8)]
    await asyncio.sleep(0.05)
    kill(generations, with_signal)
    go_on(stopped)
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 8
    assert await store.count() == 0


def go_on(pid: int) -> None:
    """A stopped process takes any signal but SIGKILL only once it goes on."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


async def test_a_child_that_does_not_answer_is_a_timeout_and_recovers(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", EdgeOptions(timeout_s=0.5))
    store = await build(generations, IDENTITY)
    kill(generations, signal.SIGSTOP)
    started = time.perf_counter()
    with pytest.raises(StoreTimedOut):
        await store.count(Equals("number", 1))
    assert time.perf_counter() - started < 2
    kill(generations, signal.SIGCONT)
    assert await store.count() == 0
    await generations.aclose()


async def test_a_child_that_hangs_is_stopped_and_started_again(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", EdgeOptions(timeout_s=0.5, stalled_s=1.0))
    store = await build(generations, IDENTITY)
    await store.upsert([point(1, vector(1))])
    hung = kill(generations, signal.SIGSTOP)
    started = time.perf_counter()
    while True:
        try:
            assert await store.count(Equals("number", 1)) == 1
            break
        except StoreUnavailable:
            assert time.perf_counter() - started < 10
    assert generations.shard("g000001").pid != hung
    await generations.aclose()


async def test_the_parents_loop_is_never_blocked(store: EdgeStore) -> None:
    """Twenty thousand points go in while a clock ticks every 5 ms: no tick is late by more than 100.

    In the best of three rounds: a machine that stalls is late in one of them, a loop that is blocked in all.
    """
    latest = [await latest_tick_during(twenty_thousand_points(store))]
    while latest[-1] >= 0.1 and len(latest) < 3:
        latest.append(await latest_tick_during(twenty_thousand_points(store)))
    assert await store.count() == 20_000
    assert min(latest) < 0.1, latest


async def twenty_thousand_points(store: EdgeStore) -> None:
    for batch in range(20):
        await store.upsert([point(batch * 1000 + n, vector(1, n, batch)) for n in range(1000)])


async def latest_tick_during(work: Coroutine[Any, Any, None]) -> float:
    latest = 0.0
    doing = asyncio.create_task(work)
    while not doing.done():
        due = time.perf_counter() + 0.005
        await asyncio.sleep(0.005)
        latest = max(latest, time.perf_counter() - due)
    await doing
    return latest


async def test_a_second_owner_is_refused_with_a_sentence_that_names_the_first(
    store: EdgeStore, tmp_path: Path
) -> None:
    with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
        EdgeGenerations(tmp_path / "store")
    assert await store.count() == 0


async def test_the_directory_is_free_again_after_closing(tmp_path: Path) -> None:
    for _ in range(2):
        generations = EdgeGenerations(tmp_path / "store")
        store = await open_live(generations, IDENTITY, upgrade=True)
        await store.upsert([point(1, vector(1))])
        await generations.aclose()
        with pytest.raises(StoreUnavailable):
            await store.count()


async def test_a_damaged_shard_is_reported_at_opening_and_not_served(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store")
    store = await build(generations, IDENTITY)
    await store.upsert([point(1, vector(1))])
    await generations.aclose()
    (generations.shard("g000001").folder / "edge/edge_config.json").write_text("{", encoding="utf-8")
    again = EdgeGenerations(tmp_path / "store")
    with pytest.raises(StoreDamaged, match=r"edge_config\.json changed"):
        await open_live(again, IDENTITY, upgrade=True)
    await again.aclose()


async def test_a_half_made_shard_is_made_anew(generations: EdgeGenerations) -> None:
    begun = await generations.begin(IDENTITY)
    making = generations.shard(begun.name).folder.with_name("shard-000001.making")
    making.mkdir()
    (making / "rubbish").write_text("cut short", encoding="utf-8")
    store = await build(generations, IDENTITY)
    await store.upsert([point(1, vector(1))])
    assert await store.count() == 1
    assert not making.exists()


async def test_a_caller_that_gives_up_disturbs_nobody(store: EdgeStore) -> None:
    calls = [asyncio.create_task(store.count()) for _ in range(20)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert list(outcomes[1::2]) == [0] * 10
    assert await store.count() == 0


@pytest.mark.parametrize("damage", ["{", "[]", '{"identity": {}}', ""])
async def test_a_damaged_journal_is_reported_and_not_guessed(tmp_path: Path, damage: str) -> None:
    generations = EdgeGenerations(tmp_path / "store")
    await build(generations, IDENTITY)
    (tmp_path / "store/g000001/generation.json").write_text(damage, encoding="utf-8")
    with pytest.raises(StoreDamaged, match=r"generation\.json"):
        await open_live(generations, IDENTITY, upgrade=True)
    await generations.aclose()


async def test_one_that_works_on_what_takes_long_is_not_taken_for_hung(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", EdgeOptions(timeout_s=0.4, stalled_s=0.8))
    store = await build(generations, IDENTITY)
    busy = kill(generations, signal.SIGSTOP)
    indexing = asyncio.create_task(store.ensure_index("attributes.colour", "keyword"))
    await asyncio.sleep(0)
    for _ in range(4):
        with pytest.raises(StoreTimedOut):
            await store.count(Equals("number", 1))
    go_on(busy)
    await indexing
    assert generations.shard("g000001").pid == busy
    assert "attributes.colour" in await store.indexes()
    await generations.aclose()


async def test_a_process_that_cannot_be_started_is_told_as_an_error_of_the_store(
    generations: EdgeGenerations, monkeypatch: pytest.MonkeyPatch
) -> None:
    await generations.begin(IDENTITY)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(StoreUnavailable, match="could not be started"):
        await generations.shard("g000001").ask("state")


async def test_one_that_says_what_nobody_asked_is_replaced_and_nobody_waits_for_ever(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    generations = EdgeGenerations(tmp_path / "store", EdgeOptions(timeout_s=5))
    store = await build(generations, IDENTITY)
    stopped = kill(generations, signal.SIGSTOP)
    calls = [asyncio.create_task(store.count()) for _ in range(3)]
    await asyncio.sleep(0.05)
    life = generations.shard("g000001")._process._life
    assert life is not None
    life._waiting.pop(min(life._waiting))  # as if the first had never been asked
    calls[0].cancel()
    go_on(stopped)
    outcomes = await asyncio.gather(*calls[1:], return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
    assert await store.count() == 0
    assert "what nobody can read" in caplog.text
    await generations.aclose()


async def test_one_that_takes_too_long_to_close_is_stopped_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(edge_process, "_CLOSING_TIME_S", 0.2)
    monkeypatch.setattr(edge_process, "_CLOSED_BYTES_PER_S", 1e12)
    generations = EdgeGenerations(tmp_path / "store")
    store = await build(generations, IDENTITY)
    await store.upsert([point(1, vector(1))])
    kill(generations, signal.SIGSTOP)
    await generations.aclose()
    assert "was not closed after" in caplog.text
    again = EdgeGenerations(tmp_path / "store")
    assert await (await open_live(again, IDENTITY, upgrade=True)).count() == 1
    await again.aclose()


async def test_writes_do_not_wait_longer_for_a_copy_than_for_an_answer(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", EdgeOptions(timeout_s=0.5))
    store = await build(generations, IDENTITY)
    async with generations.shard("g000001").still():
        with pytest.raises(StoreTimedOut, match="Nothing was written"):
            await store.upsert([point(1, vector(1))])
        assert await store.count() == 0
    await store.upsert([point(1, vector(1))])
    assert await store.count() == 1
    await generations.aclose()


async def test_files_are_not_said_to_have_been_at_rest_when_another_process_took_over(
    generations: EdgeGenerations, store: EdgeStore
) -> None:
    async def replaced_meanwhile() -> None:
        async with generations.shard("g000001").still():
            killed = kill(generations)
            while generations.shard("g000001").pid == killed:
                with contextlib.suppress(StoreUnavailable):
                    await store.count()

    with pytest.raises(StoreUnavailable, match="at rest"):
        await replaced_meanwhile()


async def test_a_generation_that_cannot_be_described_is_told_as_an_error_of_the_store(
    generations: EdgeGenerations, store: EdgeStore, tmp_path: Path
) -> None:
    for file in ("CURRENT", "g000001/generation.json"):
        making = (tmp_path / "store" / file).with_name(f".{Path(file).name}.making")
        making.mkdir()  # where a file should go
    with pytest.raises(StoreUnavailable, match="g000001"):
        await generations.activate(store.generation)
    with pytest.raises(StoreUnavailable, match="g000001"):
        await generations.schema(store.generation).record("9999")
