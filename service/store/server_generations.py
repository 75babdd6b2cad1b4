"""The server's generations: a collection each, and an alias that names the live one."""

import asyncio
import contextlib
import logging
import re
from pathlib import Path
from typing import Literal

from qdrant_client import AsyncQdrantClient, models

from service.store import server_backups as backups
from service.store.base import Generation, Identity
from service.store.errors import StoreNotFound, StoreRefused
from service.store.files import new_folder
from service.store.server import ServerStore
from service.store.server_freezing import BELIEVED_S, frozen, grace_s, is_frozen, thawed
from service.store.server_options import ServerOptions
from service.store.server_retries import read, write
from service.store.server_schema import (
    NOT_OURS,
    ServerSchema,
    calibration_in,
    identity_in,
    revisions_in,
    with_calibration,
)
from service.store.server_snapshots import Snapshots, tidy

log = logging.getLogger(__name__)

_BEFORE = "before"


class ServerGenerations:
    kind: Literal["embedded", "server"] = "server"

    def __init__(
        self,
        client: AsyncQdrantClient,
        alias: str = "products",
        timeout_s: float = 10.0,
        *,
        options: ServerOptions | None = None,
        snapshots: Snapshots | None = None,
        believed_s: float = BELIEVED_S,
    ) -> None:
        self._client = client
        self._alias = alias
        self._timeout_s = timeout_s
        self._options = options or ServerOptions()
        self._snapshots = snapshots
        self._believed_s = believed_s

    async def live(self) -> Generation | None:
        name = await self._live_name()
        return None if name is None else await self._read(name)

    async def known(self) -> list[Generation]:
        known = []
        for name in await self._names():
            with contextlib.suppress(StoreNotFound):  # dropped since it was listed
                known.append(await self._read(name))
        return known

    async def begin(self, identity: Identity) -> Generation:
        """An older generation than the live one is taken up as well: that is how a change of model is undone."""
        live = await self._live_name()
        for generation in reversed(await self.known()):
            if generation.identity == identity and generation.name != live:
                return generation
        return Generation(await self._next_name(), identity)

    def schema(self, generation: Generation) -> ServerSchema:
        return ServerSchema(self._client, generation, self._timeout_s, self._options)

    def open(self, generation: Generation) -> ServerStore:
        async def is_live() -> bool:
            return await self._live_name() == generation.name

        return ServerStore(
            self._client,
            generation,
            self._timeout_s,
            is_live=is_live,
            options=self._options,
            believed_s=self._believed_s,
        )

    async def activate(self, generation: Generation, before: Generation | None = None) -> None:
        if before is not None:
            await self.schema(generation).note({_BEFORE: before.name})
        # In one step: an alias that is there is moved, and stays where it is if this is refused.
        alias = models.CreateAlias(collection_name=generation.name, alias_name=self._alias)
        step = models.CreateAliasOperation(create_alias=alias)
        await write(self._timeout_s, lambda: self._client.update_collection_aliases([step]))

    async def before(self, generation: Generation) -> str | None:
        name = (await self.schema(generation).metadata()).get(_BEFORE)
        return name if isinstance(name, str) else None

    async def drop(self, generation: Generation) -> None:
        with contextlib.suppress(StoreNotFound):
            await write(self._timeout_s, lambda: self._client.delete_collection(generation.name))

    async def freeze(self, generation: Generation, seconds: float | None = None) -> None:
        waiting_s = grace_s(self._timeout_s, self._believed_s)
        await self.schema(generation).note(frozen(None if seconds is None else waiting_s + seconds))
        await asyncio.sleep(waiting_s)

    async def is_frozen(self, generation: Generation) -> bool:
        return is_frozen(await self.schema(generation).metadata())

    async def thaw(self, generation: Generation) -> None:
        await self.schema(generation).note(thawed())

    async def calibration(self, generation: Generation) -> str | None:
        try:
            return calibration_in(await self.schema(generation).metadata())
        except StoreNotFound:
            return None

    async def keep_calibration(self, generation: Generation, text: str) -> None:
        await self.schema(generation).note(with_calibration(text))

    async def backup(self, folder: Path) -> Generation:
        snapshots = await self._checked_snapshots()
        live = await self.live()
        if live is None:
            raise StoreNotFound("There is no catalogue to back up.")
        async with new_folder(folder) as making:
            before = await self.open(live).count()
            async with snapshots.passing(live.name) as snapshot:
                sha256, size = await snapshots.download(live.name, snapshot, making / backups.SNAPSHOT)
            points = (before, await self.open(live).count())
            backups.write_manifest(making, backups.Manifest(live, points, sha256, size))
        return live

    async def restore(self, folder: Path) -> Generation:
        manifest = backups.read_manifest(folder)
        file = await asyncio.to_thread(backups.check_snapshot, folder, manifest)
        snapshots = await self._checked_snapshots()
        generation = Generation(await self._next_name(), manifest.generation.identity)
        try:
            await snapshots.upload(generation.name, file, manifest.sha256)
            restored = await self._read(generation.name)
            manifest.check(restored, await backups.counted(self.open(restored).count))
            await self.thaw(restored)  # it may have been frozen when its snapshot was taken
        except BaseException:
            await tidy(self._undo(generation, unanswered=generation.name in snapshots.unanswered))
            raise
        await self.activate(restored)  # if this goes unanswered it may be live: it is not dropped any more
        return restored

    async def aclose(self) -> None:
        await self._client.close()

    async def _checked_snapshots(self) -> Snapshots:
        if self._snapshots is None:
            raise StoreRefused("A Qdrant in memory has no snapshots, so it cannot be backed up or restored.")
        await self._snapshots.check_one_peer()
        return self._snapshots

    async def _undo(self, generation: Generation, *, unanswered: bool) -> None:
        await self.drop(generation)
        if unanswered:  # its number must not be given to another while the server may still fill it
            await self.schema(Generation(generation.name, backups.UNFINISHED)).create_collection()
            log.warning("%s is left empty: `vizinho reembed --drop-old` removes it later.", generation.name)

    async def _names(self) -> list[str]:
        mine = re.compile(re.escape(self._alias) + r"_\d{6}")
        collections = (await read(self._timeout_s, self._client.get_collections)).collections
        return sorted(c.name for c in collections if mine.fullmatch(c.name))

    async def _next_name(self) -> str:
        names = await self._names()
        number = int(names[-1].rpartition("_")[2]) + 1 if names else 1
        return f"{self._alias}_{number:06d}"

    async def _live_name(self) -> str | None:
        aliases = (await read(self._timeout_s, self._client.get_aliases)).aliases
        return next((a.collection_name for a in aliases if a.alias_name == self._alias), None)

    async def _read(self, name: str) -> Generation:
        info = await read(self._timeout_s, lambda: self._client.get_collection(name))
        metadata = info.config.metadata or {}
        identity = identity_in(metadata)
        if identity is None:
            raise StoreRefused(f"The collection {name} {NOT_OURS}")
        return Generation(name, identity, tuple(revisions_in(metadata)))
