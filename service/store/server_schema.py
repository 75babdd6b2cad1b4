"""SchemaOperations on one generation of a Qdrant server.

Identity, journal, calibration and the kinds of the indexes are kept in the collection's own metadata: they travel
with its snapshots, and a cluster replicates them. One flat key an entry, because Qdrant merges metadata key by key, so
that two processes that write at once lose nothing.
"""

from dataclasses import asdict
from typing import Any, cast

from qdrant_client import AsyncQdrantClient, models

from migrations.operations import FieldKind
from service.store.base import Generation, Identity
from service.store.errors import StoreBusy, StoreError, StoreNotFound, StoreRefused
from service.store.server_options import ServerOptions
from service.store.server_retries import read, write

_DISTANCES = {"cosine": models.Distance.COSINE, "euclid": models.Distance.EUCLID}
NOT_OURS = (
    "was not made by Vizinho, or its server is older than Qdrant 1.16 and keeps no metadata. "
    "Choose another VIZINHO_COLLECTION, or a newer server."
)
_REVISION = "revision:"
_INDEX = "index:"
_CALIBRATION = "calibration"


class ServerSchema:
    def __init__(
        self,
        client: AsyncQdrantClient,
        generation: Generation,
        timeout_s: float,
        options: ServerOptions | None = None,
    ) -> None:
        self._client = client
        self._collection = generation.name
        self._identity = generation.identity
        self._timeout_s = timeout_s
        self._options = options or ServerOptions()

    async def metadata(self) -> dict[str, Any]:
        info = await read(self._timeout_s, lambda: self._client.get_collection(self._collection))
        return info.config.metadata or {}

    async def note(self, entry: dict[str, Any]) -> None:
        await write(self._timeout_s, lambda: self._client.update_collection(self._collection, metadata=entry))

    async def applied(self) -> list[str]:
        try:
            return revisions_in(await self.metadata())
        except StoreNotFound:
            return []

    async def record(self, revision: str) -> None:
        await self.note({f"{_REVISION}{revision}": True})

    async def create_collection(self) -> None:
        if not await self._exists():
            await self._create()
        await self._check_that_it_is_ours()

    async def _create(self) -> None:
        vectors = models.VectorParams(size=self._identity.dim, distance=_DISTANCES[self._identity.distance])
        try:
            await write(
                self._timeout_s,
                lambda: self._client.create_collection(
                    self._collection,
                    vectors_config=vectors,
                    metadata={"identity": asdict(self._identity)},
                    **self._options.of_collection(),
                ),
            )
        except StoreError:
            if not await self._exists():  # else another process, or a try that went unanswered, made it
                raise

    async def _check_that_it_is_ours(self) -> None:
        found = identity_in(await self.metadata())
        if found is None:
            raise StoreRefused(f"The collection {self._collection} {NOT_OURS}")
        if found != self._identity:
            raise StoreBusy(
                f"Another process is making {self._collection} for {found.fingerprint}. Wait for it; then try again."
            )

    async def create_index(self, field: str, kind: FieldKind, *, tenant: bool = False) -> None:
        await write(
            self._timeout_s,
            lambda: self._client.create_payload_index(
                self._collection,
                field,
                field_schema=_index(kind, tenant),
                wait=True,
            ),
        )
        await self.note({f"{_INDEX}{field}": kind})

    async def indexes(self) -> dict[str, FieldKind]:
        entries = (await self.metadata()).items()
        return {
            key[len(_INDEX) :]: cast("FieldKind", kind) for key, kind in entries if key.startswith(_INDEX)
        }

    async def _exists(self) -> bool:
        return await read(self._timeout_s, lambda: self._client.collection_exists(self._collection))


def revisions_in(metadata: dict[str, Any]) -> list[str]:
    return sorted(key[len(_REVISION) :] for key in metadata if key.startswith(_REVISION))


def identity_in(metadata: dict[str, Any]) -> Identity | None:
    fields = metadata.get("identity")
    return None if fields is None else Identity(**(fields | {"dim": int(fields["dim"])}))


def calibration_in(metadata: dict[str, Any]) -> str | None:
    text = metadata.get(_CALIBRATION)
    return text if isinstance(text, str) else None


def with_calibration(text: str) -> dict[str, Any]:
    return {_CALIBRATION: text}


def _index(
    kind: FieldKind, tenant: bool
) -> models.KeywordIndexParams | models.FloatIndexParams | models.BoolIndexParams:
    if kind == "keyword":
        return models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=tenant or None)
    if kind == "number":
        return models.FloatIndexParams(type=models.FloatIndexType.FLOAT)
    return models.BoolIndexParams(type=models.BoolIndexType.BOOL)
