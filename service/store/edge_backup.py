"""A generation's files in a folder of their own, with checksums, and back.

backup/
  generation.json
  shard-000001/       edge/ and ledger
  seal.json           checksums of the shard's files
"""

import shutil
from pathlib import Path

from service.store.errors import StoreNotFound, StoreRefused
from service.store.files import copy_tree, sync_tree
from service.store.seal import seal, verify


def copy_shard(source: Path, target: Path) -> None:
    """Of one at rest: what makes a whole shard, without what says that somebody has it open."""
    target.mkdir(parents=True)
    copy_tree(source / "edge", target / "edge")
    shutil.copy(source / "ledger", target / "ledger")


def write(shard: Path, description: Path, folder: Path) -> None:
    if folder.exists():
        raise StoreRefused(f"{folder} is there already; a backup never overwrites anything.")
    copy_shard(shard, folder / shard.name)
    shutil.copy(description, folder)


def finish(folder: Path) -> None:
    (shard,) = folder.glob("shard-*")
    seal(shard, folder / "seal.json")
    sync_tree(folder)


def read(folder: Path, generation: Path) -> None:
    if not (folder / "seal.json").exists():
        raise StoreNotFound(f"{folder} holds no backup of an embedded store.")
    (shard,) = folder.glob("shard-*")
    verify(shard, folder / "seal.json")
    making = generation.with_name(f"{generation.name}.making")
    copy_shard(shard, making / shard.name)
    shutil.copy(folder / "generation.json", making / "generation.json")
    sync_tree(making)
    making.rename(generation)
