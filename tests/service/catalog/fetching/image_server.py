"""A web server on loopback that answers as it is told, byte by byte: rightly, slowly, without end, or with lies."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

IMAGE = b"\x89PNG, as far as anyone here can tell" * 40


_TRIES = 5


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: dict[str, str]
    to: str
    """The address that it came to."""


Reply: TypeAlias = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def answer(status: int = 200, body: bytes = IMAGE, *, length: int | None = None, **headers: str) -> Reply:
    """`length` is what it says of the body, where that is not the truth."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw("\r\n".join([*lines, "", ""]).encode() + body)


def raw(data: bytes) -> Reply:
    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return reply


def redirect(location: str, status: int = 302) -> Reply:
    return answer(status, b"elsewhere", location=location)


def in_turn(*replies: Reply) -> Reply:
    """One after the other, the last one for good."""
    left = list(replies)

    async def reply(request: Request, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return reply


def slowly(reply: Reply, pause_s: float) -> Reply:
    async def delayed(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(pause_s)
        await reply(request, writer)

    return delayed


def without_end(head: bytes, again: bytes, pause_s: float = 0.0) -> Reply:
    async def reply(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return reply


async def hang_up(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def stay_silent(_: Request, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3_600)


class ImageServer:
    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.requests: list[Request] = []
        self.connections = 0
        self.busy = 0
        self.most_busy = 0
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    async def listen(self, tls: ssl.SSLContext | None = None) -> None:
        """On two addresses, so that it can be told which of them was connected to."""
        self._server = await asyncio.start_server(
            self._connected, ["127.0.0.1", "127.0.0.2"], self.port, ssl=tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def aclose(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while True:
                    await self._serve(reader, writer)
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = _request(await reader.readuntil(b"\r\n\r\n"), writer.get_extra_info("sockname")[0])
        self.requests.append(request)
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            await self.replies.get(request.path, answer(404, b""))(request, writer)
        finally:
            self.busy -= 1


def _request(head: bytes, to: str) -> Request:
    first, *lines = head.decode().strip().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value for name, value in pairs}, to)


@asynccontextmanager
async def image_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[ImageServer]:
    server = ImageServer()
    # Two addresses cannot share a port that the system chose for the first of them, so one is found beforehand; and
    # somebody else may take it meanwhile.
    for _ in range(_TRIES):
        server.port = await _free_port()
        with contextlib.suppress(OSError):
            await server.listen(tls)
            break
    try:
        yield server
    finally:
        await server.aclose()


async def _free_port() -> int:
    probe = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.2", 0)
    port: int = probe.sockets[0].getsockname()[1]
    probe.close()
    await probe.wait_closed()
    return port
