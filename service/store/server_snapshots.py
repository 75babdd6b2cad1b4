"""A collection's snapshots over Qdrant's REST API: gRPC makes them, and can neither fetch nor send one."""

import asyncio
import hashlib
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote, urlsplit

import httpx

from service.store.errors import StoreRefused, StoreTimedOut, StoreUnavailable
from service.store.server_calls import error_of_status

_CHUNK = 1 << 20
# A snapshot of millions of points is made, and unpacked, before the first byte of an answer.
_PATIENCE_S = 3600.0
_REST_PORT = 6333


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    size: int | None
    sha256: str | None


class Snapshots:
    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = 10.0,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        parts = urlsplit(url)
        host = parts.netloc if parts.port else f"{parts.netloc}:{_REST_PORT}"
        self._url = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
        self._headers = {"accept-encoding": "identity"} | ({"api-key": api_key} if api_key else {})
        self._verify = tls or True
        self._quick = httpx.Timeout(timeout_s)
        self._patient = httpx.Timeout(timeout_s, read=patience_s, write=patience_s)

    async def check_one_peer(self) -> None:
        """A cluster's node has its own shards alone, and so has its snapshot."""
        result = await self._asked("GET", "/cluster", timeout=self._quick)
        peers = result.get("peers") or {}
        if len(peers) > 1:
            raise StoreRefused(
                f"This Qdrant is a cluster of {len(peers)} nodes, and a snapshot holds one node's part of a "
                "catalogue. Back each node up with Qdrant's own tools, or ingest the catalogue anew."
            )

    async def create(self, collection: str) -> Snapshot:
        path = f"/collections/{quote(collection, safe='')}/snapshots"
        result = await self._asked("POST", path, params={"wait": "true"}, timeout=self._patient)
        if not isinstance(result.get("name"), str):
            raise StoreUnavailable("Qdrant made a snapshot without a name.")
        return Snapshot(result["name"], result.get("size"), result.get("checksum"))

    async def delete(self, collection: str, snapshot: Snapshot) -> None:
        await self._asked("DELETE", _path(collection, snapshot), timeout=self._quick)

    async def download(self, collection: str, snapshot: Snapshot, to: Path) -> tuple[str, int]:
        """The file's sha256 and size, having compared them with what the server says they are."""
        seen, size = hashlib.sha256(), 0
        with to.open("xb") as file:
            async with self._sent("GET", _path(collection, snapshot), timeout=self._quick) as response:
                async for chunk in response.aiter_raw(_CHUNK):
                    size += len(chunk)
                    await asyncio.to_thread(_keep, chunk, file, seen)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        if snapshot.size not in {None, size} or snapshot.sha256 not in {None, seen.hexdigest()}:
            raise StoreUnavailable(
                f"The snapshot did not arrive as Qdrant made it: {size} bytes came. Try again."
            )
        return seen.hexdigest(), size

    async def upload(self, collection: str, snapshot: Path, sha256: str) -> None:
        path = f"/collections/{quote(collection, safe='')}/snapshots/upload"
        params = {"priority": "snapshot", "wait": "true", "checksum": sha256}
        with snapshot.open("rb") as file:
            files = {"snapshot": (snapshot.name, file, "application/octet-stream")}
            await self._asked("POST", path, params=params, files=files, timeout=self._patient)

    async def _asked(self, method: str, path: str, **rest: Any) -> dict[str, Any]:
        async with self._sent(method, path, **rest) as response:
            try:
                await response.aread()
                answer = response.json()
            except ValueError as error:
                raise StoreUnavailable("What answers as Qdrant is no Qdrant.") from error
        result = answer.get("result") if isinstance(answer, dict) else None
        return result if isinstance(result, dict) else {}

    @asynccontextmanager
    async def _sent(self, method: str, path: str, **rest: Any) -> AsyncIterator[httpx.Response]:
        try:
            async with (
                httpx.AsyncClient(headers=self._headers, verify=self._verify) as client,
                client.stream(method, self._url + path, **rest) as response,
            ):
                if response.status_code >= 300:
                    text = (await response.aread()).decode(errors="replace")[:500]
                    raise error_of_status(response.status_code, text)
                yield response
        except httpx.TimeoutException as error:
            raise StoreTimedOut(f"Qdrant did not answer in time: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise StoreUnavailable(f"Qdrant cannot be reached: {error}") from error


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


def _keep(chunk: bytes, file: BinaryIO, seen: _Digest) -> None:
    file.write(chunk)
    seen.update(chunk)


def _path(collection: str, snapshot: Snapshot) -> str:
    return f"/collections/{quote(collection, safe='')}/snapshots/{quote(snapshot.name, safe='')}"
