"""The embedded store of a process that runs, asked by another: how a command reaches the catalogue of a live service.

A command that joins speaks the same contract as the owner itself; what it may not do is take the directory over.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Literal, cast

from migrations.operations import SchemaOperations
from service.store import frames
from service.store.base import Generation, Generations, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.edge_hosting import Part, address_in, hosting
from service.store.edge_options import EdgeOptions
from service.store.errors import StoreBusy, StoreUnavailable

log = logging.getLogger(__name__)


@asynccontextmanager
async def embedded(data_dir: Path, options: EdgeOptions, *, join: bool = False) -> AsyncIterator[Generations]:
    """Owned; or, where another process owns it and `join` allows, asked through that process."""
    folder = data_dir / "store"
    try:
        generations = EdgeGenerations(folder, options)
    except StoreBusy as busy:
        if not join:
            raise
        async with _joined(folder, busy) as theirs:
            yield theirs
        return
    try:
        async with hosting(generations, folder):
            yield generations
    finally:
        await generations.aclose()


@asynccontextmanager
async def _joined(folder: Path, busy: StoreBusy) -> AsyncIterator[Generations]:
    try:
        with address_in(folder) as address:
            reader, writer = await asyncio.open_unix_connection(address)
    except OSError as error:
        raise busy from error
    channel = _Channel(reader, writer)
    try:
        yield cast("Generations", _JoinedGenerations(channel))
    finally:
        await channel.aclose()


class _Channel:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._over = False
        self._listening = asyncio.create_task(self._listen(reader))

    async def call(self, part: Part, name: str | None, operation: str, *args: Any, **kwargs: Any) -> Any:
        if self._over:
            raise _gone()
        number = next(self._numbers)
        # Packed by itself: if the owner will not read it, it still reads who asks.
        frame = frames.pack((number, part, name, operation, frames.dumps((args, kwargs))))
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        with contextlib.suppress(ConnectionError):  # the listener tells
            self._writer.write(frame)
            await self._writer.drain()
        return await answer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    self._hear(*await frames.read(reader))
        except Exception:
            log.exception("The process that owns the store says what nobody can read.")
        finally:
            self._over = True
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(_gone())

    def _hear(self, number: int, error: Exception | None, value: Any) -> None:
        answer = self._waiting.pop(number)
        if not answer.done():
            answer.set_result(value) if error is None else answer.set_exception(error)

    async def aclose(self) -> None:
        self._listening.cancel()
        await asyncio.wait([self._listening])
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


def _gone() -> StoreUnavailable:
    return StoreUnavailable("The process that owns the store has ended. Run this again.")


class _Joined:
    """Whatever it is asked, the owner is asked: the contract is written once, in base.py."""

    def __init__(self, channel: _Channel, part: Part, name: str | None = None) -> None:
        self._channel = channel
        self._part = part
        self._name = name

    def __getattr__(self, operation: str) -> Any:
        return partial(self._channel.call, self._part, self._name, operation)


class _JoinedStore(_Joined):
    def __init__(self, channel: _Channel, generation: Generation) -> None:
        super().__init__(channel, "store", generation.name)
        self.generation = generation


class _JoinedGenerations(_Joined):
    kind: Literal["embedded", "server"] = "embedded"

    def __init__(self, channel: _Channel) -> None:
        super().__init__(channel, "generations")

    def schema(self, generation: Generation) -> SchemaOperations:
        return cast("SchemaOperations", _Joined(self._channel, "schema", generation.name))

    def open(self, generation: Generation) -> VectorStore:
        return cast("VectorStore", _JoinedStore(self._channel, generation))

    async def aclose(self) -> None:
        """What belongs to the owner stays open."""
