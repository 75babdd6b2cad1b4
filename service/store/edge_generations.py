"""The embedded store's generations: a directory each, and a file CURRENT that names the live one.

store/
  lock                  its owner
  CURRENT               the live generation's name
  g000001/
    generation.json     identity, journal, and which of the shards below counts
    calibration         how alike its products are, once that has been measured
    before              the name of the generation that it took over from
    shard-000001/       one shard (edge_engine.py); the next number is made beside it, with an index
"""

import asyncio
import logging
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from migrations.operations import FieldKind
from service.store import edge_backup
from service.store.base import Generation, Identity
from service.store.edge import EdgeStore
from service.store.edge_description import packed, unpacked
from service.store.edge_options import EdgeOptions
from service.store.edge_shard import Shard
from service.store.errors import StoreDamaged, StoreError, StoreNotFound
from service.store.files import DirectoryLock, disk_failures_told, new_folder, sync, write_atomically

log = logging.getLogger(__name__)

_NAME = re.compile(r"g\d{6}")
_FIRST_SHARD = "shard-000001"


class EdgeGenerations:
    kind: Literal["embedded", "server"] = "embedded"

    def __init__(self, folder: Path, options: EdgeOptions | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._options = options or EdgeOptions()
        self._lock = DirectoryLock(folder)
        self._shards: dict[str, Shard] = {}
        self._served: set[str] = set()
        try:
            self._remove_what_was_left()
        except BaseException:
            self._lock.release()
            raise

    def _remove_what_was_left(self) -> None:
        """By a process that ended in the middle of something."""
        unfinished = [*self._folder.glob("*.making"), *self._folder.glob("dropped-*")]
        for folder in self._folder.iterdir():
            file = folder / "generation.json"
            if _NAME.fullmatch(folder.name) and file.exists():
                counts = folder / self._fields(folder.name)["shard"]
                if counts.is_dir():  # else one of the others may be all that is left
                    unfinished += [shard for shard in folder.glob("shard-*") if shard != counts]
        for folder in unfinished:
            # What a child of theirs is still at work on goes the next time.
            shutil.rmtree(folder, ignore_errors=True)

    async def live(self) -> Generation | None:
        name = self._live_name()
        return None if name is None else self._read(name)

    def _live_name(self) -> str | None:
        current = self._folder / "CURRENT"
        return current.read_text(encoding="utf-8").strip() if current.exists() else None

    async def known(self) -> list[Generation]:
        files = sorted(self._folder.glob("g*/generation.json"))
        return [self._read(file.parent.name) for file in files if _NAME.fullmatch(file.parent.name)]

    async def begin(self, identity: Identity) -> Generation:
        known, live = await self.known(), await self.live()
        for generation in reversed(known):
            if generation.identity == identity and (live is None or generation.name != live.name):
                return generation
        generation = Generation(await self._following(), identity)
        with disk_failures_told("No generation can be begun"):
            (self._folder / generation.name).mkdir(exist_ok=True)
            sync(self._folder)
        self._write(generation.name, {"identity": asdict(identity), "revisions": [], "shard": _FIRST_SHARD})
        return generation

    async def _following(self) -> str:
        known = await self.known()
        return f"g{int(known[-1].name[1:]) + 1 if known else 1:06d}"

    def schema(self, generation: Generation) -> "EdgeSchema":
        return self.schema_of(generation.name)

    def schema_of(self, name: str) -> "EdgeSchema":
        return EdgeSchema(self, name)

    def open(self, generation: Generation) -> EdgeStore:
        self._served.add(generation.name)
        return self.store_of(generation.name)

    def store_of(self, name: str) -> EdgeStore:
        return EdgeStore(self.shard(name), self._read(name))

    def serves(self, name: str) -> bool:
        """Whether this process itself has opened it, and not only somebody who joined."""
        return name in self._served

    async def activate(self, generation: Generation, before: Generation | None = None) -> None:
        with disk_failures_told(f"{generation.name} cannot be made live"):
            if before is not None:
                write_atomically(self._folder / generation.name / "before", before.name + "\n")
            write_atomically(self._folder / "CURRENT", generation.name + "\n")

    async def before(self, generation: Generation) -> str | None:
        try:
            return (self._folder / generation.name / "before").read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None

    async def drop(self, generation: Generation) -> None:
        self._served.discard(generation.name)
        if shard := self._shards.pop(generation.name, None):
            await shard.aclose()
        going = self._folder / f"dropped-{generation.name}"
        if (folder := self._folder / generation.name).exists():
            with disk_failures_told(f"{generation.name} cannot be removed"):
                folder.rename(going)  # at once: what is half removed must not be found again
                await asyncio.to_thread(shutil.rmtree, going)

    async def freeze(self, generation: Generation, seconds: float | None = None) -> None:
        await self.shard(generation.name).freeze(seconds)

    async def is_frozen(self, generation: Generation) -> bool:
        return self.shard(generation.name).is_frozen()

    async def thaw(self, generation: Generation) -> None:
        self.shard(generation.name).thaw()

    async def calibration(self, generation: Generation) -> str | None:
        try:
            return self._calibration(generation).read_text(encoding="utf-8")
        except (OSError, ValueError):  # it is only measured once more
            return None

    async def keep_calibration(self, generation: Generation, text: str) -> None:
        with disk_failures_told("The calibration cannot be kept"):
            write_atomically(self._calibration(generation), text)

    def _calibration(self, generation: Generation) -> Path:
        return self._folder / generation.name / "calibration"

    async def backup(self, folder: Path) -> Generation:
        live = await self.live()
        if live is None:
            raise StoreNotFound("There is no catalogue to back up.")
        description = self._folder / live.name / "generation.json"
        async with new_folder(folder) as making:
            async with self.shard(live.name).still() as shard:
                await edge_backup.write(shard, description, making)
            await asyncio.to_thread(edge_backup.finish, making)
        return live

    async def restore(self, folder: Path) -> Generation:
        name = await self._following()
        async with new_folder(self._folder / name) as making:
            await edge_backup.read(folder, making)
            self._fields(making.name)  # what cannot be read is no generation
        generation = self._read(name)
        await self.open(generation).load()
        await self.activate(generation)
        return generation

    async def aclose(self) -> None:
        try:
            await asyncio.gather(*(shard.aclose() for shard in self._shards.values()))
        finally:
            self._lock.release()

    def shard(self, name: str) -> Shard:
        """One a generation, however many ask for it: they share its process."""
        if name not in self._shards:
            folder = self._folder / name / self._fields(name)["shard"]
            self._shards[name] = Shard(
                folder,
                self._options,
                on_move=lambda moved: self._move(name, moved),
                is_live=lambda: self._live_name() == name,
            )
        return self._shards[name]

    def _move(self, name: str, shard: Path) -> None:
        try:
            self._write(name, self._fields(name) | {"shard": shard.name})
        except StoreError as error:
            if self._fields(name)["shard"] != shard.name:
                raise
            # What the file says counts from here on, and at the next start.
            log.warning("%s is in use, and may not be after a power cut: %s", shard, error)

    def _fields(self, name: str) -> dict[str, Any]:
        file = self._folder / name / "generation.json"
        try:
            return unpacked(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreDamaged(f"{file} cannot be read: {error}. Restore it from a backup.") from error

    def _read(self, name: str) -> Generation:
        fields = self._fields(name)
        return Generation(name, Identity(**fields["identity"]), tuple(fields["revisions"]))

    def _write(self, name: str, fields: Mapping[str, Any]) -> None:
        with disk_failures_told(f"{name} cannot be described"):
            write_atomically(self._folder / name / "generation.json", packed(fields))

    def journal(self, name: str) -> list[str]:
        return list(self._read(name).revisions)

    def record(self, name: str, revision: str) -> None:
        fields = self._fields(name)
        if revision not in fields["revisions"]:
            self._write(name, fields | {"revisions": [*fields["revisions"], revision]})

    def identity(self, name: str) -> Identity:
        return self._read(name).identity

    @property
    def options(self) -> EdgeOptions:
        return self._options


class EdgeSchema:
    """SchemaOperations on one embedded generation."""

    def __init__(self, generations: EdgeGenerations, name: str) -> None:
        self._generations = generations
        self._name = name

    async def applied(self) -> list[str]:
        return self._generations.journal(self._name)

    async def record(self, revision: str) -> None:
        self._generations.record(self._name, revision)

    async def create_collection(self) -> None:
        identity = self._generations.identity(self._name)
        await self._generations.shard(self._name).ask(
            "create",
            dim=identity.dim,
            distance=identity.distance,
            quantized=self._generations.options.quantized,
        )

    async def create_index(self, field: str, kind: FieldKind, *, tenant: bool = False) -> None:
        await self._generations.shard(self._name).write("create_index", field=field, kind=kind, tenant=tenant)
