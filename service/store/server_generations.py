"""The server's generations: a collection each, and an alias that names the live one."""

import re
from typing import Literal

from qdrant_client import AsyncQdrantClient, models

from service.store.base import Generation, Identity
from service.store.errors import StoreRefused
from service.store.server import ServerStore
from service.store.server_calls import translated_errors
from service.store.server_schema import ServerSchema, identity_in, revisions_in


class ServerGenerations:
    kind: Literal["embedded", "server"] = "server"

    def __init__(self, client: AsyncQdrantClient, alias: str = "products", timeout_s: float = 10.0) -> None:
        self._client = client
        self._alias = alias
        self._timeout_s = timeout_s

    async def live(self) -> Generation | None:
        name = await self._live_name()
        return None if name is None else await self._read(name)

    async def known(self) -> list[Generation]:
        mine = re.compile(re.escape(self._alias) + r"_\d{6}")
        async with translated_errors(self._timeout_s):
            collections = (await self._client.get_collections()).collections
        return [await self._read(c.name) for c in sorted(collections, key=_name) if mine.fullmatch(c.name)]

    async def begin(self, identity: Identity) -> Generation:
        known, live = await self.known(), await self._live_name()
        for generation in reversed(known):
            if generation.identity == identity and (live is None or generation.name > live):
                return generation
        number = int(known[-1].name[-6:]) + 1 if known else 1
        return Generation(f"{self._alias}_{number:06d}", identity)

    def schema(self, generation: Generation) -> ServerSchema:
        return ServerSchema(self._client, generation, self._timeout_s)

    def open(self, generation: Generation) -> ServerStore:
        return ServerStore(self._client, generation, self._timeout_s)

    async def activate(self, generation: Generation) -> None:
        create = models.CreateAlias(collection_name=generation.name, alias_name=self._alias)
        steps: list[models.AliasOperations] = [models.CreateAliasOperation(create_alias=create)]
        if await self._live_name() is not None:
            remove = models.DeleteAlias(alias_name=self._alias)
            steps.insert(0, models.DeleteAliasOperation(delete_alias=remove))
        async with translated_errors(self._timeout_s):
            await self._client.update_collection_aliases(steps)

    async def drop(self, generation: Generation) -> None:
        async with translated_errors(self._timeout_s):
            await self._client.delete_collection(generation.name)

    async def aclose(self) -> None:
        await self._client.close()

    async def _live_name(self) -> str | None:
        async with translated_errors(self._timeout_s):
            aliases = (await self._client.get_aliases()).aliases
        return next((a.collection_name for a in aliases if a.alias_name == self._alias), None)

    async def _read(self, name: str) -> Generation:
        async with translated_errors(self._timeout_s):
            metadata = (await self._client.get_collection(name)).config.metadata or {}
        identity = identity_in(metadata)
        if identity is None:
            raise StoreRefused(
                f"The collection {name} was not made by Vizinho, or its server is older than Qdrant 1.16 and "
                "keeps no metadata. Choose another VIZINHO_COLLECTION, or a newer server."
            )
        return Generation(name, identity, tuple(revisions_in(metadata)))


def _name(collection: models.CollectionDescription) -> str:
    return collection.name
