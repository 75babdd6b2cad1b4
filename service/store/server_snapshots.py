"""A collection's snapshots over Qdrant's REST API: gRPC makes them, and can neither fetch nor send one."""

import asyncio
import hashlib
import logging
import os
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote, urlsplit

import httpx

from service.store.errors import StoreError, StoreRefused, StoreTimedOut, StoreUnavailable
from service.store.server_calls import error_of_status

log = logging.getLogger(__name__)

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
        self._timeout_s = timeout_s
        self.unanswered: set[str] = set()
        """Collections whose snapshot the server has and may still be taking in, though nobody hears of it."""
        self._quick = httpx.Timeout(timeout_s)
        self._patient = httpx.Timeout(timeout_s, read=patience_s, write=patience_s)

    async def check_one_peer(self) -> None:
        """A cluster's node has its own shards alone, and so has its snapshot."""
        result = _dict(await self._asked("GET", "/cluster", timeout=self._quick))
        peers = result.get("peers") or {}
        if len(peers) > 1:
            raise StoreRefused(
                f"This Qdrant is a cluster of {len(peers)} nodes, and a snapshot holds one node's part of a "
                "catalogue. Back each node up with Qdrant's own tools, or ingest the catalogue anew."
            )

    @asynccontextmanager
    async def passing(self, collection: str) -> AsyncIterator[Snapshot]:
        """Made, and gone from the server when this is left: it is as large as the catalogue."""
        before = await self._names(collection)
        try:
            snapshot = await self._create(collection)
        except (StoreUnavailable, asyncio.CancelledError) as error:
            if not _is_answer(error):
                await tidy(self._delete_new(collection, before))
            raise
        try:
            yield snapshot
        finally:
            await tidy(self._delete(collection, snapshot.name))

    async def _create(self, collection: str) -> Snapshot:
        result = _dict(
            await self._asked("POST", _path(collection), params={"wait": "true"}, timeout=self._patient)
        )
        if not isinstance(result.get("name"), str):
            raise StoreUnavailable("Qdrant made a snapshot without a name.")
        return Snapshot(result["name"], result.get("size"), result.get("checksum"))

    async def _delete_new(self, collection: str, before: set[str]) -> None:
        """Of a snapshot that went unanswered: the server finishes it all the same, sooner or later.

        One that came meanwhile is it. Of several, some are somebody else's, who may be fetching them just now.
        """
        new = sorted(await self._new(collection, before))
        if len(new) == 1:
            await self._delete(collection, *new)
            log.warning("The snapshot %s was begun, and nobody waits for it: deleted on the server.", *new)
        else:
            named = f"one of {', '.join(new)}" if new else "it comes later"
            log.warning(
                "Qdrant was told to make a snapshot that nobody waits for: %s. Delete it, with "
                "DELETE /collections/%s/snapshots/NAME; it is as large as the catalogue.",
                named,
                collection,
            )

    async def _new(self, collection: str, before: set[str]) -> set[str]:
        """Looks for a while."""
        clock = asyncio.get_running_loop().time
        ends = clock() + self._timeout_s
        while True:
            new = await self._names(collection) - before
            if new or clock() >= ends:
                return new
            await asyncio.sleep(self._timeout_s / 10)

    async def _names(self, collection: str) -> set[str]:
        result = await self._asked("GET", _path(collection), timeout=self._quick)
        return {entry["name"] for entry in result} if isinstance(result, list) else set()

    async def _delete(self, collection: str, name: str) -> None:
        await self._asked("DELETE", _path(collection, name), timeout=self._quick)

    async def download(self, collection: str, snapshot: Snapshot, to: Path) -> tuple[str, int]:
        """The file's sha256 and size, having compared them with what the server says they are."""
        seen, size = hashlib.sha256(), 0
        with to.open("xb") as file:
            async with self._sent("GET", _path(collection, snapshot.name), timeout=self._quick) as response:
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
        params = {"priority": "snapshot", "wait": "true", "checksum": sha256}
        with snapshot.open("rb") as file:
            files = {"snapshot": (snapshot.name, file, "application/octet-stream")}
            try:
                await self._asked(
                    "POST", f"{_path(collection)}/upload", params=params, files=files, timeout=self._patient
                )
            except (StoreUnavailable, asyncio.CancelledError) as error:
                if not _is_answer(error) and not file.read(1):
                    self.unanswered.add(collection)
                raise

    async def _asked(self, method: str, path: str, **rest: Any) -> Any:
        async with self._sent(method, path, **rest) as response:
            try:
                await response.aread()
                answer = response.json()
            except ValueError as error:
                raise StoreUnavailable("What answers as Qdrant is no Qdrant.") from error
        return answer.get("result") if isinstance(answer, dict) else None

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


async def tidy(step: Coroutine[Any, Any, None]) -> None:
    """Even when the call is cancelled; and what fails here must not hide why it is done."""
    try:
        await asyncio.shield(step)
    except StoreError as error:
        log.warning("Something was left behind on the Qdrant server: %s", error)


def _is_answer(error: BaseException) -> bool:
    """A gateway that gives up waiting answers as well, and for nobody."""
    return isinstance(error, StoreUnavailable) and not (
        isinstance(error, StoreTimedOut) or isinstance(error.__cause__, httpx.HTTPError)
    )


def _dict(result: Any) -> dict[str, Any]:
    return result if isinstance(result, dict) else {}


def _path(collection: str, *snapshot: str) -> str:
    return "/".join(
        ["/collections", *(quote(part, safe="") for part in (collection, "snapshots", *snapshot))]
    )
