"""A backup of the embedded store: whole under its name, or not there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.store import programs
from service.store.base import Identity, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.edge_joining import embedded
from service.store.edge_options import EdgeOptions
from service.store.errors import StoreDamaged, StoreRefused, StoreUnavailable
from service.store.live import build
from tests.service.store.points import point, vector
from tests.service.store.programs import begun, replace_cp, running

pytestmark = pytest.mark.anyio

IDENTITY = Identity("test.unit.1", 8, "cosine")
OPTIONS = EdgeOptions(timeout_s=10)


@pytest.fixture
async def generations(tmp_path: Path) -> AsyncIterator[EdgeGenerations]:
    opened = EdgeGenerations(tmp_path / "store", OPTIONS)
    yield opened
    await opened.aclose()


@pytest.fixture
async def store(generations: EdgeGenerations) -> VectorStore:
    built = await build(generations, IDENTITY)
    await built.upsert([point(n, vector(1, n)) for n in range(20)])
    return built


async def test_a_program_that_nobody_waits_for_any_more_is_stopped() -> None:
    asleep = asyncio.create_task(programs.run("sleep", "61.5"))
    await begun("61.5")
    asleep.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asleep
    assert not running("61.5")


async def test_a_program_tells_how_it_ended_and_what_was_wrong() -> None:
    assert await programs.run("true") == (0, "")
    assert await programs.run("sh", "-c", "echo no >&2; exit 3") == (3, "no")


async def test_a_backup_whose_command_is_killed_holds_up_no_write_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_cp(monkeypatch, tmp_path / "bin", "exec sleep 62.5")
    async with embedded(tmp_path, OPTIONS) as owner:
        store = await build(owner, IDENTITY)
        async with embedded(tmp_path, OPTIONS, join=True) as joined:
            backing_up = asyncio.create_task(joined.backup(tmp_path / "backup"))
            await begun("62.5")
        with pytest.raises(StoreUnavailable):
            await backing_up
        await store.upsert([point(1, vector(1))])
        assert not running("62.5")
    assert not list(tmp_path.glob("backup*"))


@pytest.mark.usefixtures("store")
async def test_a_backup_that_fails_leaves_nothing_and_says_why(
    generations: EdgeGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_cp(monkeypatch, tmp_path / "bin", "echo the disk is broken >&2; exit 1")
    with pytest.raises(StoreRefused, match="the disk is broken"):
        await generations.backup(tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))


@pytest.mark.usefixtures("store")
async def test_a_backup_with_one_shard_too_many_or_none_is_refused(
    generations: EdgeGenerations, tmp_path: Path
) -> None:
    await generations.backup(tmp_path / "backup")
    (tmp_path / "backup/shard-000002").mkdir()
    with pytest.raises(StoreDamaged, match="holds 2 shards"):
        await generations.restore(tmp_path / "backup")


@pytest.mark.usefixtures("store")
async def test_a_backup_whose_description_is_damaged_becomes_no_generation(
    generations: EdgeGenerations, tmp_path: Path
) -> None:
    await generations.backup(tmp_path / "backup")
    (tmp_path / "backup/generation.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreDamaged, match=r"generation\.json"):
        await generations.restore(tmp_path / "backup")
    assert [generation.name for generation in await generations.known()] == ["g000001"]
    assert not list((tmp_path / "store").glob("*.making"))
