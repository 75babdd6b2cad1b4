"""An index beside the shard, on a copy, so that no query waits for it: Edge stops its whole process meanwhile.

Copy the files at rest; index the copy in a process of its own; open it; bring over what was written meanwhile until
little is left; hold writes for the last of it; swap.
"""

import asyncio
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from service.store import programs
from service.store.edge_backup import copy_shard
from service.store.edge_life import child_environment
from service.store.edge_process import EdgeProcess
from service.store.errors import StoreDamaged, StoreError, StoreFull, StoreUnavailable
from service.store.files import disk_usage, sync_tree

if TYPE_CHECKING:
    from service.store.edge_shard import Shard

# The copy, and what is made of it before the copy's own files go.
_ROOM_FACTOR = 2.5
_CHUNK = 256
_MOST_ROUNDS = 50


async def build(shard: "Shard") -> int:
    """How many points of the copy the engine would not index: not those that were written meanwhile."""
    folder = _following(shard.folder)
    making = folder.with_name(f"{folder.name}.making")
    await asyncio.to_thread(_check_room, shard)
    try:
        async with shard.still() as source:
            await shard.ask("watch")
            await copy_shard(source, making)
        await _index(making)
        await asyncio.to_thread(sync_tree, making)
        making.rename(folder)
        return await _replace(shard, shard.opened(folder))
    except (StoreError, OSError):
        with suppress(StoreError):
            await shard.ask("unwatch")
        raise
    finally:
        for leftover in {making, folder} - {shard.folder}:
            await asyncio.to_thread(shutil.rmtree, leftover, ignore_errors=True)


def _following(folder: Path) -> Path:
    return folder.with_name(f"shard-{int(folder.name.rpartition('-')[2]) + 1:06d}")


def _check_room(shard: "Shard") -> None:
    needed = int(disk_usage(shard.folder) * _ROOM_FACTOR) + shard.options.reserve_bytes
    if (free := shutil.disk_usage(shard.folder).free) < needed:
        raise StoreFull(
            f"An index needs {needed / 1e6:,.0f} MB free where {shard.folder} lies, not {free / 1e6:,.0f}."
        )


async def _index(making: Path) -> None:
    status, said = await programs.run(
        sys.executable,
        *("-P", "-m", "service.store.edge_builder", str(making / "edge")),
        env=child_environment(),
    )
    if status != 0:
        raise StoreUnavailable(f"The process that builds the index ended with status {status}: {said[-500:]}")


async def _replace(shard: "Shard", built: EdgeProcess) -> int:
    try:
        await built.open()
        _, left = await built.call("state")
        for _ in range(_MOST_ROUNDS):
            if await _catch_up(shard, built) < _CHUNK:
                break
        async with shard.gate.held():
            await _catch_up(shard, built)
            await _same_indexes(shard, built)
            await _check_same(shard, built)
            replaced = shard.move(built)
    except BaseException:
        await built.abandon()
        raise
    await replaced.abandon()
    await asyncio.to_thread(shutil.rmtree, replaced.folder, ignore_errors=True)
    return int(left)


async def _catch_up(shard: "Shard", built: EdgeProcess) -> int:
    """Brings over what is now there of every point that changed."""
    ids = await shard.ask("touched")
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        rows = await shard.ask("retrieve", ids=chunk, with_vectors=True)
        if rows:
            there, payloads, vectors = zip(*rows, strict=True)
            await built.call("upsert", ids=list(there), vectors=np.stack(vectors), payloads=list(payloads))
        if gone := set(chunk) - {row[0] for row in rows}:
            await built.call("delete", ids=list(gone))
    return len(ids)


async def _check_same(shard: "Shard", built: EdgeProcess) -> None:
    before, _ = await shard.ask("state")
    after, _ = await built.call("state")
    if before != after:
        raise StoreDamaged(f"The indexed copy holds {after.count:,} points, and not these {before.count:,}.")


async def _same_indexes(shard: "Shard", built: EdgeProcess) -> None:
    have = await built.call("indexes")
    for field, kind in (await shard.ask("indexes")).items():
        if field not in have:
            await built.call("create_index", field=field, kind=kind, tenant=False)
