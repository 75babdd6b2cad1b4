"""A generation's files in a folder of their own, with checksums, and back.

backup/
  generation.json
  shard-000001/       edge/ and ledger
  seal.json           checksums of the shard's files
"""

import asyncio
import shutil
from pathlib import Path

from service.store.errors import StoreDamaged, StoreNotFound
from service.store.files import copy_tree, sync_tree
from service.store.seal import seal, verify


async def copy_shard(source: Path, target: Path) -> None:
    """Of one at rest: what makes a whole shard, without what says that somebody has it open."""
    await asyncio.to_thread(target.mkdir, parents=True)
    await copy_tree(source / "edge", target / "edge")
    shutil.copy(source / "ledger", target / "ledger")


async def write(shard: Path, description: Path, folder: Path) -> None:
    await copy_shard(shard, folder / shard.name)
    shutil.copy(description, folder)


def finish(folder: Path) -> None:
    seal(_shard_in(folder), folder / "seal.json")
    sync_tree(folder)


async def read(folder: Path, making: Path) -> None:
    if not (folder / "seal.json").exists():
        raise StoreNotFound(f"{folder} holds no backup of an embedded store.")
    shard = _shard_in(folder)
    await asyncio.to_thread(verify, shard, folder / "seal.json")
    await copy_shard(shard, making / shard.name)
    shutil.copy(folder / "generation.json", making)
    await asyncio.to_thread(sync_tree, making)


def _shard_in(folder: Path) -> Path:
    shards = list(folder.glob("shard-*"))
    if len(shards) != 1:
        raise StoreDamaged(f"{folder} holds {len(shards)} shards. A backup has one.")
    return shards[0]
