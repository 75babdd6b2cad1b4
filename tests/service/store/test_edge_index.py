"""The index: made on a copy, caught up with what was written meanwhile, swapped in under everybody's feet."""

import asyncio
import errno
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.store import edge_build, edge_indexing, files
from service.store.base import Identity, Point
from service.store.edge import EdgeStore
from service.store.edge_description import packed, unpacked
from service.store.edge_generations import EdgeGenerations
from service.store.edge_options import EdgeOptions
from service.store.errors import StoreFull, StoreNotFound, StoreUnavailable
from service.store.filters import Equals, OneOf
from service.store.live import build, open_live
from tests.service.store.points import point_id
from tests.service.store.programs import replace_cp

pytestmark = pytest.mark.anyio

DIM = 32
IDENTITY = Identity("test.unit.1", DIM, "cosine")
OPTIONS = EdgeOptions(index_from=1_000, quiet_s=0.2)
VECTORS = np.random.default_rng(5).standard_normal((4_000, DIM)).astype(np.float32)


def rows(start: int, stop: int, category: str = "a") -> list[Point]:
    return [
        Point(point_id(n), {"categories": [category], "number": n}, VECTORS[n]) for n in range(start, stop)
    ]


@pytest.fixture
async def generations(tmp_path: Path) -> AsyncIterator[EdgeGenerations]:
    opened = EdgeGenerations(tmp_path / "store", OPTIONS)
    yield opened
    await opened.aclose()


@pytest.fixture
async def store(generations: EdgeGenerations) -> EdgeStore:
    built = await build(generations, IDENTITY)
    assert isinstance(built, EdgeStore)
    return built


async def unindexed(generations: EdgeGenerations) -> int:
    _, count = await generations.shard("g000001").ask("state")
    return int(count)


async def all_indexed(generations: EdgeGenerations) -> None:
    async with asyncio.timeout(60):
        while await unindexed(generations):  # noqa: ASYNC110 - nobody is told when it happens by itself
            await asyncio.sleep(0.05)


async def contents(store: EdgeStore) -> dict[str, tuple[object, bytes]]:
    page = await store.scroll(limit=10_000, with_vectors=True)
    return {p.id: (p.payload, np.round(np.asarray(p.vector), 5).tobytes()) for p in page.points}


async def test_below_the_size_nothing_is_indexed(generations: EdgeGenerations, store: EdgeStore) -> None:
    await store.upsert(rows(0, 900))
    await store.settle()
    assert await unindexed(generations) == 900
    assert generations.shard("g000001").folder.name == "shard-000001"


async def test_above_the_size_an_index_is_made_by_itself_and_finds_what_comparing_all_finds(
    generations: EdgeGenerations, store: EdgeStore, tmp_path: Path
) -> None:
    await store.upsert(rows(0, 2_000))
    await all_indexed(generations)
    found = wanted = 0
    for n in range(0, 2_000, 50):
        exact = {hit.id for hit in await store.query(VECTORS[n], exact=True)}
        found += len(exact & {hit.id for hit in await store.query(VECTORS[n])})
        wanted += len(exact)
    assert found / wanted >= 0.95
    await store.settle()  # the build ends when the old files are gone
    assert [folder.name for folder in (tmp_path / "store/g000001").glob("shard-*")] == ["shard-000002"]


async def test_a_small_rest_is_indexed_once_nothing_is_written_for_a_while(
    generations: EdgeGenerations, store: EdgeStore
) -> None:
    await store.upsert(rows(0, 2_500))
    await store.settle()
    await store.upsert(rows(2_500, 3_500))  # less than half of what is indexed
    assert await unindexed(generations) == 1_000
    await all_indexed(generations)


async def test_what_is_written_meanwhile_is_all_there_and_reading_never_stops(
    generations: EdgeGenerations, store: EdgeStore
) -> None:
    await store.upsert(rows(0, 3_000))
    settling = asyncio.create_task(store.settle())
    expected = {p.id: p.payload for p in rows(0, 3_000)}
    step = 0
    while not settling.done() or step < 20:
        new, gone, changed = 3_000 + step % 1_000, step * 3 % 3_000, step * 7 % 3_000
        await store.upsert(rows(new, new + 1, "b"))
        expected[point_id(new)] = {"categories": ["b"], "number": new}
        await store.delete([point_id(gone)])
        expected.pop(point_id(gone), None)
        await store.set_payload([point_id(changed)], {"changed": step})
        if point_id(changed) in expected:
            expected[point_id(changed)] = expected[point_id(changed)] | {"changed": step}
        if step == 5:
            await store.ensure_index("attributes.colour", "keyword")
        if step == 8:
            await store.delete_where(OneOf("number", (1.0, 2.0)))
            for n in (1, 2):
                expected.pop(point_id(n), None)
        assert await store.query(VECTORS[step], where=Equals("categories", "a"))
        step += 1
    await settling
    assert generations.shard("g000001").folder.name != "shard-000001"
    assert {id_: payload for id_, (payload, _) in (await contents(store)).items()} == expected
    assert "attributes.colour" in await store.indexes()


async def test_what_is_written_during_a_build_is_indexed_by_the_next(
    generations: EdgeGenerations, store: EdgeStore
) -> None:
    await store.upsert(rows(0, 1_000))  # which begins a build
    for start in range(1_000, 4_000, 100):
        await store.upsert(rows(start, start + 100))
    await store.settle()
    assert await unindexed(generations) < OPTIONS.index_from


async def test_the_indexed_shard_is_what_is_opened_next(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", OPTIONS)
    store = await build(generations, IDENTITY)
    assert isinstance(store, EdgeStore)
    await store.upsert(rows(0, 2_000))
    await store.settle()
    before = await contents(store)
    await generations.aclose()
    again = EdgeGenerations(tmp_path / "store", OPTIONS)
    reopened = await open_live(again, IDENTITY, upgrade=True)
    assert isinstance(reopened, EdgeStore)
    assert await contents(reopened) == before
    assert await unindexed(again) == 0
    await again.aclose()


async def test_closing_in_the_middle_leaves_the_shard_that_was(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", OPTIONS)
    store = await build(generations, IDENTITY)
    await store.upsert(rows(0, 4_000))
    settling = asyncio.create_task(store.settle())
    await asyncio.sleep(0.1)
    settling.cancel()
    await generations.aclose()
    again = EdgeGenerations(tmp_path / "store")
    assert await (await open_live(again, IDENTITY, upgrade=True)).count() == 4_000
    assert len(list((tmp_path / "store/g000001").glob("shard-*"))) == 1
    await again.aclose()


async def test_a_store_that_dies_meanwhile_costs_the_index_and_nothing_else(
    generations: EdgeGenerations, store: EdgeStore
) -> None:
    await store.upsert(rows(0, 4_000))
    settling = asyncio.create_task(store.settle())
    await asyncio.sleep(0.2)
    pid = generations.shard("g000001").pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(StoreUnavailable):
        await store.count(Equals("categories", "a"))
    async with asyncio.timeout(60):
        await asyncio.wait([settling])
    assert await store.count() == 4_000
    settling.cancelled() or settling.exception()


async def test_without_room_for_a_copy_there_is_no_index_and_searching_goes_on(tmp_path: Path) -> None:
    options = EdgeOptions(index_from=1_000, reserve_bytes=0)
    generations = EdgeGenerations(tmp_path / "store", options)
    store = await build(generations, IDENTITY)
    await store.upsert(rows(0, 900))
    shard = generations.shard("g000001")
    shard.options = EdgeOptions(index_from=1_000, reserve_bytes=10**18)
    with pytest.raises(StoreFull, match="MB free"):
        await edge_build.build(shard)
    assert len(await store.query(VECTORS[0])) == 10
    await generations.aclose()


async def test_what_an_interrupted_build_left_is_removed_at_the_next_start(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store")
    await build(generations, IDENTITY)
    await generations.aclose()
    for name in ("shard-000002", "shard-000003.making"):
        (tmp_path / "store/g000001" / name / "edge").mkdir(parents=True)
    again = EdgeGenerations(tmp_path / "store")
    assert [folder.name for folder in (tmp_path / "store/g000001").glob("shard-*")] == ["shard-000001"]
    assert await (await open_live(again, IDENTITY, upgrade=True)).count() == 0
    await again.aclose()


async def test_a_shard_is_not_removed_while_the_one_that_should_count_is_missing(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store")
    await build(generations, IDENTITY)
    await generations.aclose()
    file = tmp_path / "store/g000001/generation.json"
    whole = file.read_text(encoding="utf-8")
    file.write_text(packed(unpacked(whole) | {"shard": "shard-000002"}), encoding="utf-8")
    again = EdgeGenerations(tmp_path / "store")
    await again.aclose()
    file.write_text(whole, encoding="utf-8")
    mended = EdgeGenerations(tmp_path / "store")
    assert await (await open_live(mended, IDENTITY, upgrade=True)).count() == 0
    await mended.aclose()


async def test_a_disk_that_fails_in_the_moment_of_the_swap_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new shard's name is written, but whether it will stay could not be had from the disk."""

    def failing(path: Path, sync: object = files.sync) -> None:
        if path.name == "g000001" and "shard-000002" in (path / "generation.json").read_text(
            encoding="utf-8"
        ):
            raise OSError(errno.EIO, "broken")
        assert callable(sync)
        sync(path)

    generations = EdgeGenerations(tmp_path / "store", replace(OPTIONS, index_from=10_000))
    store = await build(generations, IDENTITY)
    await store.upsert(rows(0, 1_000))
    with monkeypatch.context() as broken:
        broken.setattr(files, "sync", failing)
        await edge_build.build(generations.shard("g000001"))
    await store.upsert(rows(1_000, 1_100))
    await generations.aclose()
    again = EdgeGenerations(tmp_path / "store")
    assert await (await open_live(again, IDENTITY, upgrade=True)).count() == 1_100
    await again.aclose()


async def test_what_was_written_last_during_a_build_gets_an_index_although_nothing_is_written_after(
    generations: EdgeGenerations, store: EdgeStore, tmp_path: Path
) -> None:
    await store.upsert(rows(0, 1_500))  # which begins a build
    async with asyncio.timeout(10):
        while not list((tmp_path / "store/g000001").glob("*.making")):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0)
    await store.upsert(rows(1_500, 4_000))  # the copy is made without these
    assert generations.shard("g000001").folder.name == "shard-000001"
    await all_indexed(generations)


async def test_an_index_that_could_not_be_made_is_tried_again_although_nothing_is_written(
    generations: EdgeGenerations,
    store: EdgeStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(edge_indexing, "_PAUSE_AFTER_FAILURE_S", 0.3)
    shard = generations.shard("g000001")
    shard.options = replace(OPTIONS, reserve_bytes=10**18)
    await store.upsert(rows(0, 2_000))
    async with asyncio.timeout(5):
        while "No index could be made" not in caplog.text:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)
    shard.options = OPTIONS
    await all_indexed(generations)


async def test_a_rest_that_never_has_quiet_is_indexed_all_the_same(tmp_path: Path) -> None:
    generations = EdgeGenerations(tmp_path / "store", replace(OPTIONS, quiet_s=60, busy_s=0.5))
    store = await build(generations, IDENTITY)
    await store.upsert(rows(0, 2_500))
    await store.settle()
    await store.upsert(rows(2_500, 3_500))  # less than half of what is indexed
    async with asyncio.timeout(30):
        while await unindexed(generations) >= OPTIONS.index_from:
            await store.upsert(rows(3_500, 3_501))
            await asyncio.sleep(0.05)
    await generations.aclose()


async def test_after_a_build_that_failed_nobody_keeps_track_of_changes(
    generations: EdgeGenerations, store: EdgeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.upsert(rows(0, 10))
    shard = generations.shard("g000001")
    with monkeypatch.context() as broken:
        replace_cp(broken, tmp_path / "bin", "exit 1")
        with pytest.raises(OSError, match="could not be copied"):
            await edge_build.build(shard)
    with pytest.raises(StoreNotFound, match="watching"):
        await shard.ask("touched")
