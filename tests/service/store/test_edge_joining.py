"""A command beside a running service: it asks the owner's process, and takes nothing away from it."""

import asyncio
import datetime
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from service.store import frames
from service.store.base import Identity
from service.store.edge_joining import _Channel, embedded
from service.store.edge_options import EdgeOptions
from service.store.errors import InvalidQuery, StoreBusy, StoreRefused, StoreUnavailable
from service.store.live import build, open_live
from tests.service.store.points import point, vector

pytestmark = pytest.mark.anyio

IDENTITY = Identity("test.unit.1", 8, "cosine")
OPTIONS = EdgeOptions()

_COUNT = """
import asyncio, sys
from pathlib import Path
from service.store.edge_joining import embedded
from service.store.edge_options import EdgeOptions

async def main():
    async with embedded(Path(sys.argv[1]), EdgeOptions(), join=True) as generations:
        print(await generations.open(await generations.live()).count())

asyncio.run(main())
"""


async def test_another_process_reads_what_the_owner_wrote(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as generations:
        store = await build(generations, IDENTITY)
        await store.upsert([point(n, vector(1, n)) for n in range(7)])
        other = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", _COUNT, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        )
        assert other.stdout.strip() == "7"


async def test_a_directory_nobody_owns_is_owned_by_who_joins(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS, join=True) as generations:
        assert await (await build(generations, IDENTITY)).count() == 0
    async with embedded(tmp_path, OPTIONS) as generations:
        assert await (await open_live(generations, IDENTITY, upgrade=False)).count() == 0


async def test_without_joining_a_second_process_is_refused(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS):
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            async with embedded(tmp_path, OPTIONS):
                pass


async def test_what_is_wrong_is_told_as_to_the_owner_itself(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner, embedded(tmp_path, OPTIONS, join=True) as joined:
        store = joined.open((await build(owner, IDENTITY)).generation)
        with pytest.raises(InvalidQuery, match="dimensions"):
            await store.query(vector(1, dim=9))
        assert await store.count() == 0


async def test_who_joined_cannot_replace_the_owners_catalogue(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner, embedded(tmp_path, OPTIONS, join=True) as joined:
        store = await build(owner, IDENTITY)
        with pytest.raises(StoreRefused, match="owns the store"):
            await joined.restore(tmp_path / "backup")
        with pytest.raises(StoreBusy, match=f"Process {os.getpid()} still answers"):
            await joined.drop(store.generation)
        assert await store.count() == 0


async def test_who_joined_drops_what_the_owner_does_not_serve(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner, embedded(tmp_path, OPTIONS, join=True) as joined:
        first = await build(owner, IDENTITY)
        other = await joined.begin(replace(IDENTITY, fingerprint="other"))
        await joined.schema(other).create_collection()
        await joined.open(other).upsert([point(1, vector(1))])
        await joined.drop(other)
        assert [generation.name for generation in await owner.known()] == [first.generation.name]


async def test_when_the_owner_ends_the_joined_are_told(tmp_path: Path) -> None:
    joining = embedded(tmp_path, OPTIONS, join=True)
    async with embedded(tmp_path, OPTIONS) as owner:
        await build(owner, IDENTITY)
        joined = await joining.__aenter__()
        assert await joined.live() is not None
    with pytest.raises(StoreUnavailable, match="has ended"):
        await joined.live()
    await joining.__aexit__(None, None, None)


async def test_one_who_goes_in_the_middle_disturbs_nobody(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner:
        store = await build(owner, IDENTITY)
        async with embedded(tmp_path, OPTIONS, join=True) as joined:
            asked = asyncio.create_task(joined.open(store.generation).upsert([point(1, vector(1))]))
            await asyncio.sleep(0)
            asked.cancel()
        assert await store.count() in {0, 1}
        async with embedded(tmp_path, OPTIONS, join=True) as again:
            await again.open(store.generation).upsert([point(2, vector(1))])
        assert await store.count() in {1, 2}


async def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 100) / ("y" * 100)
    async with embedded(folder, OPTIONS), embedded(folder, OPTIONS, join=True) as joined:
        assert await joined.live() is None


async def test_the_socket_is_its_users_alone(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS):
        assert (tmp_path / "store/socket").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "store/socket").exists()


async def test_whatever_goes_wrong_at_the_owner_is_answered(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner, embedded(tmp_path, OPTIONS, join=True) as joined:
        store = joined.open((await build(owner, IDENTITY)).generation)
        async with asyncio.timeout(5):
            with pytest.raises(StoreRefused, match="TypeError"):
                await store.query(vector(1), limit="ten")  # type: ignore[arg-type]
            with pytest.raises(StoreRefused, match="TypeError"):
                await store.count(colour="red")  # type: ignore[call-arg]
        assert await store.count() == 0


async def test_what_may_not_travel_is_refused_and_the_connection_stays(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner, embedded(tmp_path, OPTIONS, join=True) as joined:
        store = joined.open((await build(owner, IDENTITY)).generation)
        with pytest.raises(InvalidQuery, match=r"datetime\.date is nothing"):
            await store.set_payload([], {"since": datetime.date(2026, 1, 1)})
        assert await store.count() == 0


async def test_an_owner_that_talks_nonsense_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    ours, theirs = socket.socketpair()
    channel = _Channel(*await asyncio.open_connection(sock=ours))
    asked = asyncio.create_task(channel.call("generations", None, "live"))
    await asyncio.sleep(0)
    theirs.sendall(frames.pack("nonsense"))
    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable):
            await asked
        with pytest.raises(StoreUnavailable):
            await channel.call("generations", None, "live")
    assert "what nobody can read" in caplog.text
    await channel.aclose()
    theirs.close()


async def test_the_owner_and_who_joined_agree_on_what_is_frozen(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner, embedded(tmp_path, OPTIONS, join=True) as joined:
        generation = (await build(owner, IDENTITY)).generation

        async def frozen() -> bool:
            answers = {await owner.is_frozen(generation), await joined.is_frozen(generation)}
            assert len(answers) == 1
            return answers.pop()

        assert not await frozen()
        await joined.freeze(generation)
        assert await frozen()
        await owner.thaw(generation)
        assert not await frozen()
        await joined.freeze(generation, seconds=0.2)
        assert await frozen()
        await asyncio.sleep(0.3)
        assert not await frozen()


async def test_counts_are_exact_also_where_less_would_do(tmp_path: Path) -> None:
    async with embedded(tmp_path, OPTIONS) as owner:
        store = await build(owner, IDENTITY)
        await store.upsert([point(n, vector(1, n), categories=["Shoes"]) for n in range(7)])
        assert await store.count(exact=False) == 7
        assert await store.facet("categories", exact=False) == {"Shoes": 7}
