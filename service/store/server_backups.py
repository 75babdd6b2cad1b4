"""A server's backup as a folder.

backup/
  generation.json       whose vectors they are, how many points, and the snapshot's checksum
  collection.snapshot   Qdrant's own
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from service.store.base import Generation, Identity
from service.store.errors import StoreDamaged, StoreRefused, StoreUnavailable
from service.store.files import write_atomically

SNAPSHOT = "collection.snapshot"
_MANIFEST = "generation.json"
_KIND = "server"
_PATIENCE_S = 15.0
_PAUSE_S = 0.2


@dataclass(frozen=True, slots=True)
class Manifest:
    """`points` is how many there were before and after the snapshot: writes went on meanwhile."""

    generation: Generation
    points: tuple[int, int]
    sha256: str
    size: int

    def check(self, restored: Generation, count: int) -> None:
        """A lost shard is found; a few points written and deleted while the snapshot was made are no loss."""
        if restored.identity != self.generation.identity:
            raise StoreDamaged("The snapshot holds another catalogue than it says. Nothing was changed.")
        least = min(self.points)
        if count < least - least // 100:
            raise StoreDamaged(f"Qdrant restored {count} points of {least}. Nothing was changed.")


UNFINISHED = Identity("unfinished-restore", 1, "cosine")
"""Whose collection keeps a number taken. Its vectors are of another size than any catalogue's, so that Qdrant refuses
to fill it when it comes to a snapshot that it was sent for that number and that nobody waits for any more."""


async def counted(count: Callable[[], Awaitable[int]], patience_s: float = _PATIENCE_S) -> int:
    """Right after a snapshot has been taken in, a node of a cluster may still say that no replica of it is active."""
    ends = asyncio.get_running_loop().time() + patience_s
    while True:
        try:
            return await count()
        except StoreUnavailable:
            if asyncio.get_running_loop().time() >= ends:
                raise
        await asyncio.sleep(_PAUSE_S)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    fields = {
        "kind": _KIND,
        "generation": manifest.generation.name,
        "identity": asdict(manifest.generation.identity),
        "revisions": manifest.generation.revisions,
        "points": manifest.points,
        "sha256": manifest.sha256,
        "size": manifest.size,
    }
    write_atomically(folder / _MANIFEST, json.dumps(fields, indent=2) + "\n")


def read_manifest(folder: Path) -> Manifest:
    file = folder / _MANIFEST
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        kind = fields.get("kind")
        if kind == _KIND:
            identity = Identity(**fields["identity"])
            generation = Generation(fields["generation"], identity, tuple(fields["revisions"]))
            before, after = fields["points"]
            return Manifest(generation, (int(before), int(after)), fields["sha256"], int(fields["size"]))
    except FileNotFoundError as error:
        raise StoreRefused(f"{folder} is no backup: it has no {_MANIFEST}.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(f"{file} cannot be read: {error}.") from error
    raise StoreRefused(f"{folder} is a backup of another kind of store. A server restores its own alone.")


def check_snapshot(folder: Path, manifest: Manifest) -> Path:
    path = folder / SNAPSHOT
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StoreDamaged(f"{path} cannot be read: {error}.") from error
    if found != manifest.sha256:
        raise StoreDamaged(f"{path} is not what was backed up: its checksum differs.")
    return path
