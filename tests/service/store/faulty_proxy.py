"""A TCP proxy whose behaviour is switched while it runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

Behaviour: TypeAlias = Literal[
    "pass", "hang up", "reset", "hang", "slow", "half-close", "rubbish", "bad gateway"
]
_ANSWERS = {
    "rubbish": b"220 this is no Qdrant\r\n" * 10,
    "bad gateway": b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
}
_SLOW_PAUSE_S = 0.05


class FaultyProxy:
    """What is switched holds for connections that are open, too, from their next byte on."""

    def __init__(self, to_port: int) -> None:
        self.behaviour: Behaviour = "pass"
        self._to_port = to_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Until it listens again nobody is there."""
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def aclose(self) -> None:
        await self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._serve(reader, writer)
        writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (behaviour := self.behaviour) in _ANSWERS:
            await reader.read(1)
            writer.write(_ANSWERS[behaviour])
            await writer.drain()
            return
        if self.behaviour in {"hang up", "reset"}:
            return
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        self._writers.add(upstream_writer)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, upstream_writer, answers=False))
                group.create_task(self._pump(upstream_reader, writer, answers=True))
        except* OSError:
            pass
        finally:
            upstream_writer.transport.abort()

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        while data := await source.read(65536):
            if self.behaviour == "hang":
                await asyncio.Event().wait()
            if self.behaviour in {"reset", "hang up", "rubbish", "bad gateway"}:
                target.write(_ANSWERS.get(self.behaviour, b"") if answers else b"")
                raise ConnectionResetError
            if self.behaviour == "half-close" and answers:
                target.write_eof()  # it still listens, and will never speak again
                await asyncio.Event().wait()
            if self.behaviour == "slow":
                await asyncio.sleep(_SLOW_PAUSE_S)
            target.write(data)
            await target.drain()
        target.write_eof()


@asynccontextmanager
async def faulty_proxy(to_port: int) -> AsyncIterator[FaultyProxy]:
    proxy = FaultyProxy(to_port)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.aclose()
