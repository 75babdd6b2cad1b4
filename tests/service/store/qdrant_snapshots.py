"""The six REST endpoints of Qdrant that snapshots need, over a real socket, in front of the in-memory client.

What it calls a snapshot is a pickle of the collection. Its faults are the ones a test switches on.
"""

import asyncio
import contextlib
import hashlib
import json
import pickle
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from qdrant_client import AsyncQdrantClient, models

Answer = tuple[int, bytes]


@dataclass
class SnapshotServer:
    client: AsyncQdrantClient
    port: int = 0
    api_key: str = "secret"
    peers: int = 1
    statuses: dict[str, int] = field(default_factory=dict)
    """By method: answered with this, whatever was asked; LIST is the GET that lists."""
    takes_s: float = 0.0
    """For a POST, done to its end whether or not anybody still listens."""
    mute: bool = False
    """Does what a POST asks, and hangs up."""
    theirs: bool = False
    """Somebody else makes a snapshot at the same time."""
    corrupt: bool = False
    cut_off: bool = False
    silent: bool = False
    lost_points: int = 0
    silent_about_checksums: bool = False
    other_fingerprint: str | None = None
    kept: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path = urlsplit(target).path
        self.asked.append(f"{method} {path}")
        if headers.get("api-key") != self.api_key:
            return 403, b'{"status": {"error": "Forbidden"}}'
        if path == "/cluster":
            return _json({"status": "enabled", "peers": {str(n): {} for n in range(self.peers)}})
        _, _, collection, _, *name = path.split("/")
        if method == "GET" and not name:
            method = "LIST"
        if method in self.statuses:
            return self.statuses[method], b'{"status": {"error": "no, said by the test"}}'
        if method == "LIST":
            return _json([{"name": kept} for kept in self.kept])
        if method == "POST":
            self.posted.set()
            await asyncio.sleep(self.takes_s)
        if name == ["upload"]:
            return await self._upload(collection, target, headers, body)
        if method == "POST":
            return await self._create(collection)
        if method == "DELETE":
            del self.kept[name[0]]
            return _json(True)
        return 200, self.kept[name[0]]

    async def _create(self, collection: str) -> Answer:
        points, _ = await self.client.scroll(collection, limit=100_000, with_vectors=True)
        config = (await self.client.get_collection(collection)).config
        content = pickle.dumps((config, points)).ljust(300_000, b"\0")
        self.kept[f"{collection}-1.snapshot"] = content
        if self.theirs:
            self.kept[f"{collection}-2.snapshot"] = content
        checksum = None if self.silent_about_checksums else hashlib.sha256(content).hexdigest()
        return _json({"name": f"{collection}-1.snapshot", "size": len(content), "checksum": checksum})

    async def _upload(self, collection: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        boundary = headers["content-type"].partition("boundary=")[2].encode()
        content = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--" + boundary, 1)[0]
        query = parse_qs(urlsplit(target).query)
        assert query["priority"] == ["snapshot"]
        assert query["checksum"] == [hashlib.sha256(content).hexdigest()]
        if await self.client.collection_exists(collection):
            return 400, b'{"status": {"error": "Snapshot is not compatible with existing collection"}}'
        config, points = pickle.loads(content)  # noqa: S301 - its own
        metadata = config.metadata
        if self.other_fingerprint is not None:
            metadata["identity"]["fingerprint"] = self.other_fingerprint
        await self.client.create_collection(collection, config.params.vectors, metadata=metadata)
        kept = points[self.lost_points :]
        await self.client.upsert(
            collection, [models.PointStruct(id=p.id, vector=p.vector, payload=p.payload) for p in kept]
        )
        return _json(True)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError), contextlib.closing(writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if self.silent:
                await reader.read()  # until the other side gives up
            status, content = await self.answer(method, target, headers, body)
            if not (self.mute and method == "POST"):
                await self._send(writer, status, content, spoilt=method == "GET" and "/snapshots/" in target)

    async def _send(self, writer: asyncio.StreamWriter, status: int, content: bytes, *, spoilt: bool) -> None:
        if spoilt and self.corrupt:
            content = content[:1000] + bytes([content[1000] ^ 1]) + content[1001:]
        head = f"HTTP/1.1 {status} x\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        if spoilt and self.cut_off:
            content = content[: len(content) // 2]
        writer.write(head.encode() + content)
        await writer.drain()


def _json(result: Any) -> Answer:
    return 200, json.dumps({"result": result, "status": "ok"}).encode()


@asynccontextmanager
async def qdrant_with_snapshots(
    tls: ssl.SSLContext | None = None, client: AsyncQdrantClient | None = None
) -> AsyncIterator[SnapshotServer]:
    server = SnapshotServer(client or AsyncQdrantClient(":memory:"))
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, ssl=tls)
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
