"""A disk that fills up, on a small file system of its own: nothing is lost, and room made is room again."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from service.store.base import Identity, Payload, Point
from service.store.edge import EdgeStore
from service.store.edge_build import build as build_index
from service.store.edge_generations import EdgeGenerations
from service.store.edge_options import EdgeOptions
from service.store.edge_shard import Shard
from service.store.errors import StoreError, StoreFull, StoreUnavailable
from service.store.live import open_live
from tests.service.store.model import Model
from tests.service.store.points import point_id
from tests.service.store.whole import difference, everything

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

DIM = 256
IDENTITY = Identity("test.unit.1", DIM, "cosine")
SIZE = 112_000_000
RESERVE = 72_000_000  # more than what a deletion needs


@pytest.fixture(params=["ext4", "tmpfs"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    folder, image = tmp_path / "disk", tmp_path / "image"
    folder.mkdir()
    mounting = {
        "ext4": f"truncate -s {SIZE} {image} && mkfs.ext4 -q -m 0 {image} && mount -o loop {image} {folder}",
        "tmpfs": f"mount -t tmpfs -o size={SIZE} tmpfs {folder}",
    }[request.param]
    mounted = subprocess.run(mounting, shell=True, check=False, capture_output=True, text=True)  # noqa: S602
    if mounted.returncode != 0:
        pytest.skip(f"no {request.param} can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def free_bytes(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


class Filled:
    """A store on the small disk, and what it was acknowledged to hold."""

    def __init__(self, disk: Path, reserve_bytes: int) -> None:
        self.disk = disk
        self.ballast = disk / "ballast"
        self.options = EdgeOptions(reserve_bytes=reserve_bytes, timeout_s=10)
        self.model = Model("cosine")
        self._numbers = count()
        self._opened: EdgeGenerations | None = None

    async def open(self) -> EdgeStore:
        self._opened = EdgeGenerations(self.disk / "store", self.options)
        store = await open_live(self._opened, IDENTITY, upgrade=True)
        assert isinstance(store, EdgeStore)
        self.store = store
        return store

    @property
    def shard(self) -> Shard:
        assert self._opened is not None
        return self._opened.shard(self.store.generation.name)

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None

    def pid(self) -> int | None:
        return self.shard.pid

    async def upsert(self, size: int = 200) -> None:
        vectors = np.random.default_rng(3).normal(size=(size, DIM)).astype(np.float32)
        points = [Point(point_id(next(self._numbers)), {"at": n}, row) for n, row in enumerate(vectors)]
        await self.store.upsert(points)
        self.model.upsert(points)

    async def upsert_until_refused(self) -> StoreError:
        while True:
            try:
                await self.upsert()
            except StoreError as error:
                return error

    async def overwrite_until_refused(self, id_: str) -> Payload:
        """Gives what was refused."""
        for number in count():
            payload = {"title": f"{number} {'x' * 2_000}"}
            try:
                await self.store.overwrite_payload(id_, payload)
            except StoreError as error:
                if not isinstance(error, StoreUnavailable | StoreFull):
                    raise  # nothing is damaged
                break
            self.model.overwrite_payload(id_, payload)
        return payload

    def fill(self) -> None:
        """To the last byte."""
        with self.ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            for block in (1 << 16, 1 << 12, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(block))
        assert free_bytes(self.disk) == 0

    async def is_whole(self) -> bool:
        return difference(await everything(self.store), self.model.contents) is None

    async def comes_back(self) -> None:
        """A process that died of the full disk is started again by the next who asks."""
        for _ in range(20):
            with contextlib.suppress(StoreUnavailable, StoreFull):  # and never called damaged
                await self.store.count()
                return
            await asyncio.sleep(0.1)
        pytest.fail("it did not come back")


@pytest.fixture
async def reserved(disk: Path) -> AsyncIterator[Filled]:
    filled = Filled(disk, RESERVE)
    await filled.open()
    yield filled
    await filled.close()


@pytest.fixture
async def unreserved(disk: Path) -> AsyncIterator[Filled]:
    filled = Filled(disk, 0)
    await filled.open()
    yield filled
    await filled.close()


async def test_the_reserve_refuses_writes_while_reading_and_deleting_go_on(reserved: Filled) -> None:
    pid = reserved.pid()
    assert isinstance(await reserved.upsert_until_refused(), StoreFull)
    assert free_bytes(reserved.disk) > 0
    assert await reserved.is_whole()
    some = list(reserved.model.contents)[::3]
    await reserved.store.delete(some)
    reserved.model.delete(some)
    assert await reserved.is_whole()
    assert reserved.pid() == pid, "its process did not die of it"


async def test_writing_goes_on_when_room_was_made(reserved: Filled) -> None:
    await reserved.upsert()
    reserved.ballast.write_bytes(bytes(free_bytes(reserved.disk) - RESERVE))
    with pytest.raises(StoreFull):
        await reserved.upsert()
    reserved.ballast.unlink()
    await reserved.upsert()
    assert await reserved.is_whole()


async def test_a_disk_that_is_really_full_fails_writes_and_loses_nothing(unreserved: Filled) -> None:
    await unreserved.upsert()
    unreserved.fill()
    with pytest.raises(StoreFull):
        await unreserved.upsert()
    assert await unreserved.is_whole()
    unreserved.ballast.unlink()
    await unreserved.upsert()
    assert await unreserved.is_whole()


async def test_a_process_that_dies_of_a_full_disk_is_back_when_there_is_room(
    unreserved: Filled, caplog: pytest.LogCaptureFixture
) -> None:
    await unreserved.upsert()
    unreserved.fill()
    id_ = next(iter(unreserved.model.contents))
    failed = await unreserved.overwrite_until_refused(id_)
    assert "it is started again" in caplog.text, "it did die"
    unreserved.ballast.unlink()
    await unreserved.comes_back()
    (found,) = await unreserved.store.retrieve([id_])
    if found.payload == failed:  # done and not acknowledged any more
        unreserved.model.overwrite_payload(id_, failed)
    assert await unreserved.is_whole()
    await unreserved.upsert()
    assert await unreserved.is_whole()


async def test_a_start_on_a_full_disk_fails_with_a_sentence_or_succeeds_whole(unreserved: Filled) -> None:
    await unreserved.upsert()
    unreserved.fill()
    await unreserved.close()
    unreserved.fill()
    with contextlib.suppress(StoreFull, StoreUnavailable):  # and nothing else: it is full, not damaged
        try:
            await unreserved.open()
            assert await unreserved.is_whole()
        finally:
            await unreserved.close()
    unreserved.ballast.unlink()
    await unreserved.open()
    assert await unreserved.is_whole()


@pytest.mark.parametrize("disk", ["ext4"], indirect=True)  # reading a hole takes room on a tmpfs
async def test_an_index_without_room_is_not_begun_and_the_store_goes_on(
    reserved: Filled, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        await reserved.upsert()
    await reserved.close()
    reserved.options = replace(reserved.options, index_from=100)
    reserved.ballast.write_bytes(bytes(free_bytes(reserved.disk) - RESERVE - 1_000_000))
    await reserved.open()
    await reserved.store.settle()
    assert "No index could be made; searches go on without: An index needs" in caplog.text
    assert await reserved.is_whole()


async def test_an_index_that_runs_out_of_room_is_given_up_and_the_store_goes_on(unreserved: Filled) -> None:
    for _ in range(5):
        await unreserved.upsert()
    shard = unreserved.shard
    building = asyncio.create_task(build_index(shard))
    while not list(unreserved.disk.glob("store/g*/shard-*.making")):
        assert not building.done()
        await asyncio.sleep(0)
    unreserved.fill()
    with pytest.raises((StoreError, OSError)):
        await building
    unreserved.ballast.unlink()
    await unreserved.comes_back()
    assert [folder.name for folder in unreserved.disk.glob("store/g*/shard-*")] == [shard.folder.name]
    assert await unreserved.is_whole()
    await unreserved.upsert()
    assert await unreserved.is_whole()
