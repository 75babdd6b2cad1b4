"""A server's backup as a folder.

backup/
  generation.json       whose vectors they are, how many points, and the snapshot's checksum
  collection.snapshot   Qdrant's own
"""

import errno
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from service.store.base import Generation, Identity
from service.store.errors import StoreDamaged, StoreFull, StoreRefused
from service.store.files import sync, write_atomically

SNAPSHOT = "collection.snapshot"
_MANIFEST = "generation.json"
_KIND = "server"


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


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Whole under its name, or not there."""
    making = folder.with_name(f".{folder.name}.making")
    try:
        if folder.exists():
            raise StoreRefused(f"{folder} is there already. Name a new folder.")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        yield making
        sync(making)
        making.rename(folder)
        sync(folder.parent)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StoreFull(f"There is no room for a backup at {folder}.") from error
        raise StoreRefused(f"A backup cannot be written at {folder}: {error}") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


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
