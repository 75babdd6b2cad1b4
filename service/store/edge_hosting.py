"""The owner's side of joining: it answers on a socket in its directory, to its own user alone."""

import asyncio
import contextlib
import inspect
import logging
import os
import pickle
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

from migrations.operations import SchemaOperations
from service.store import frames
from service.store.base import Generation, Generations, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.errors import InvalidQuery, StoreBusy, StoreError, StoreRefused

log = logging.getLogger(__name__)

_CREDENTIALS = struct.Struct("3i")
_LONGEST_ADDRESS = 100
Part: TypeAlias = Literal["generations", "store", "schema"]


def _operations(contract: type) -> frozenset[str]:
    return frozenset(name for name, value in vars(contract).items() if inspect.iscoroutinefunction(value))


_OPERATIONS: dict[Part, frozenset[str]] = {
    "generations": _operations(Generations) - {"aclose", "restore"},
    "store": _operations(VectorStore),
    "schema": _operations(SchemaOperations),
}


@asynccontextmanager
async def hosting(generations: EdgeGenerations, folder: Path) -> AsyncIterator[None]:
    host = _Host(generations)
    with address_in(folder) as address:
        (folder / "socket").unlink(missing_ok=True)  # of an owner that was killed
        server = await asyncio.start_unix_server(host.serve, address)
        (folder / "socket").chmod(0o600)
        try:
            yield
        finally:
            server.close()
            await host.aclose()
            (folder / "socket").unlink(missing_ok=True)


@contextlib.contextmanager
def address_in(folder: Path) -> Iterator[str]:
    """A socket's address is short; a directory's path need not be."""
    path = str(folder / "socket")
    if len(os.fsencode(path)) < _LONGEST_ADDRESS:
        yield path
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{descriptor}/socket"
    finally:
        os.close(descriptor)


class _Host:
    def __init__(self, generations: EdgeGenerations) -> None:
        self._generations = generations
        self._connections: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not _ours(writer):
            writer.close()
            return
        connection = asyncio.current_task()
        assert connection is not None  # noqa: S101 - it runs in one
        self._connections.add(connection)
        answers: set[asyncio.Task[None]] = set()
        try:
            while True:
                task = asyncio.create_task(self._answer(writer, *await frames.read(reader)))
                answers.add(task)
                task.add_done_callback(answers.discard)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the command has ended, or the owner is closing
        except Exception:
            log.exception("A command that joined is sent away: it says what nobody can read.")
        finally:
            for task in answers:
                task.cancel()
            if answers:
                await asyncio.wait(answers)  # a copy that was being made is removed
            self._connections.discard(connection)
            writer.close()

    async def _answer(
        self,
        writer: asyncio.StreamWriter,
        number: int,
        part: Part,
        name: str | None,
        operation: str,
        packed: bytes,
    ) -> None:
        try:
            args, kwargs = frames.loads(packed)
            answer = frames.pack((number, None, await self._done(part, name, operation, args, kwargs)))
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            answer = frames.pack((number, _told(operation, error), None))
        with contextlib.suppress(ConnectionError):
            writer.write(answer)
            await writer.drain()

    async def _done(
        self, part: Part, name: str | None, operation: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        if operation not in _OPERATIONS[part]:
            raise StoreRefused(f"{operation} is for the process that owns the store.")
        return await getattr(self._part(part, name), operation)(*args, **kwargs)

    def _part(self, part: Part, name: str | None) -> Any:
        if part == "generations" or name is None:
            return _Guarded(self._generations)
        if part == "schema":
            return self._generations.schema_of(name)
        return self._generations.store_of(name)

    async def aclose(self) -> None:
        for connection in list(self._connections):
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections)


def _told(operation: str, error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    if isinstance(error, pickle.UnpicklingError):
        return InvalidQuery(str(error))
    if not isinstance(error, OSError | ValueError):
        log.error("%s failed for a command that joined.", operation, exc_info=error)
    return StoreRefused(f"{type(error).__name__}: {error}")


def _ours(writer: asyncio.StreamWriter) -> bool:
    """The frames are pickles: nobody else's are read, whatever the socket's permissions were for a moment."""
    credentials = writer.get_extra_info("socket").getsockopt(
        socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size
    )
    _, user, _ = _CREDENTIALS.unpack(credentials)
    return user in {0, os.getuid()}


class _Guarded:
    """The owner's generations, but for dropping one that the owner is still serving."""

    def __init__(self, generations: EdgeGenerations) -> None:
        self._generations = generations

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._generations, operation)

    async def drop(self, generation: Generation) -> None:
        if self._generations.serves(generation.name):
            raise StoreBusy(
                f"Process {os.getpid()} still answers from {generation.name}. "
                "Restart it with the new model's settings first, then drop the old generation."
            )
        await self._generations.drop(generation)
