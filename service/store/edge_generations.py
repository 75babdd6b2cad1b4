"""The embedded store's generations: a directory each, and a file CURRENT that names the live one.

store/
  lock                  its owner
  CURRENT               the live generation's name
  g000001/
    generation.json     identity and journal
    shard/              Qdrant Edge's own files
"""

import asyncio
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

from migrations.operations import FieldKind
from service.store.base import Generation, Identity
from service.store.edge import EdgeStore
from service.store.edge_process import EdgeProcess
from service.store.errors import StoreDamaged
from service.store.files import DirectoryLock, write_atomically


class EdgeGenerations:
    kind: Literal["embedded", "server"] = "embedded"

    def __init__(self, folder: Path, timeout_s: float = 30.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = DirectoryLock(folder)
        self.process = EdgeProcess(timeout_s)

    async def live(self) -> Generation | None:
        current = self._folder / "CURRENT"
        return self._read(current.read_text(encoding="utf-8").strip()) if current.exists() else None

    async def known(self) -> list[Generation]:
        return [self._read(file.parent.name) for file in sorted(self._folder.glob("g*/generation.json"))]

    async def begin(self, identity: Identity) -> Generation:
        known, live = await self.known(), await self.live()
        for generation in reversed(known):
            if generation.identity == identity and (live is None or generation.name > live.name):
                return generation
        number = int(known[-1].name[1:]) + 1 if known else 1
        generation = Generation(f"g{number:06d}", identity)
        (self._folder / generation.name).mkdir(exist_ok=True)
        self._write(generation)
        return generation

    def schema(self, generation: Generation) -> "EdgeSchema":
        return EdgeSchema(self, generation.name)

    def open(self, generation: Generation) -> EdgeStore:
        return EdgeStore(self.process, generation, self.shard(generation.name))

    async def activate(self, generation: Generation) -> None:
        write_atomically(self._folder / "CURRENT", generation.name + "\n")

    async def drop(self, generation: Generation) -> None:
        await self.process.call("forget", path=str(self.shard(generation.name)))
        going = self._folder / f"dropped-{generation.name}"
        # At once: what is half removed must not be found again.
        (self._folder / generation.name).rename(going)
        await asyncio.to_thread(shutil.rmtree, going)

    async def aclose(self) -> None:
        await self.process.aclose()
        self._lock.release()

    def shard(self, name: str) -> Path:
        return self._folder / name / "shard"

    def _read(self, name: str) -> Generation:
        file = self._folder / name / "generation.json"
        try:
            fields = json.loads(file.read_text(encoding="utf-8"))
            return Generation(name, Identity(**fields["identity"]), tuple(fields["revisions"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(f"{file} cannot be read: {error}. Restore it from a backup.") from error

    def _write(self, generation: Generation) -> None:
        fields = {"identity": asdict(generation.identity), "revisions": generation.revisions}
        write_atomically(
            self._folder / generation.name / "generation.json", json.dumps(fields, indent=2) + "\n"
        )

    def journal(self, name: str) -> list[str]:
        return list(self._read(name).revisions)

    def record(self, name: str, revision: str) -> None:
        generation = self._read(name)
        if revision not in generation.revisions:
            self._write(replace(generation, revisions=(*generation.revisions, revision)))

    def identity(self, name: str) -> Identity:
        return self._read(name).identity


class EdgeSchema:
    """SchemaOperations on one embedded generation."""

    def __init__(self, generations: EdgeGenerations, name: str) -> None:
        self._generations = generations
        self._name = name
        self._path = str(generations.shard(name))

    async def applied(self) -> list[str]:
        return self._generations.journal(self._name)

    async def record(self, revision: str) -> None:
        self._generations.record(self._name, revision)

    async def create_collection(self) -> None:
        identity = self._generations.identity(self._name)
        await self._generations.process.call(
            "create", path=self._path, dim=identity.dim, distance=identity.distance
        )

    async def create_index(self, field: str, kind: FieldKind, *, tenant: bool = False) -> None:
        await self._generations.process.call(
            "create_index", path=self._path, field=field, kind=kind, tenant=tenant
        )
