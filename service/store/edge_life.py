"""One run of a shard's process, from its start to its end: frames go in, answers come out."""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from service.store import frames
from service.store.edge_options import is_long
from service.store.errors import StoreDamaged, StoreError, StoreFull, StoreUnavailable
from service.store.files import disk_usage

log = logging.getLogger(__name__)

# Edge sets its files aside in pieces of 32 MB.
_HARDLY_ANY_ROOM = 64_000_000

# With some damage Edge never ends opening: it sets aside 300 MB a second, until the disk is full. What opening wants,
# for what its log still holds, is little, however large the shard is.
_LOOKED_EVERY_S = 1.0
_ENOUGH_TO_OPEN = 1_000_000_000


async def spawn(folder: Path, reserve_bytes: int) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", "service.store.edge_child", str(folder), str(reserve_bytes)),
            stdin=PIPE,
            stdout=PIPE,
            env=child_environment(),
        )
    except OSError as error:
        raise StoreUnavailable(f"The store's process could not be started: {error}") from error


def child_environment() -> dict[str, str]:
    """The child finds the packages where this process found them, installed or not.

    One thread for BLAS: the store shares its cores with the embedder.
    """
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Life:
    def __init__(self, folder: Path, process: Process, on_end: Callable[["Life", str], None]) -> None:
        self._folder = folder
        self.process = process
        self.over = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, asyncio.Future[Any]] = {0: self.opened}
        self._long: dict[int, float] = {}
        """Until when it may be silent over what takes long."""
        self._numbers = count(1)
        self._on_end = on_end
        self._last_heard = time.monotonic()
        self._reader = asyncio.create_task(self._read())
        self._guard = asyncio.create_task(self._watch_opening())

    def was_open(self) -> bool:
        return self.opened.done() and not self.opened.cancelled() and self.opened.exception() is None

    def silent_s(self) -> float:
        now = time.monotonic()
        if any(until > now for until in self._long.values()):
            return 0.0
        return now - self._last_heard

    async def ask(self, operation: str, arguments: dict[str, Any], deadline: float) -> Any:
        if not self._waiting:
            self._last_heard = time.monotonic()  # it had nothing to say
        number = next(self._numbers)
        frame = frames.pack((number, operation, arguments, deadline))
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        if is_long(operation):
            self._long[number] = deadline
        await self._send(frame)
        return await answer  # which stays in _waiting when its caller goes: the child still owes it

    async def _send(self, frame: bytes) -> None:
        assert self.process.stdin is not None  # noqa: S101 - opened with a pipe
        try:
            self.process.stdin.write(frame)
            await self.process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise StoreUnavailable("The store's process has just ended; it is started again.") from error

    async def _read(self) -> None:
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionResetError):
                while True:
                    await self._hear()
        except Exception:
            log.exception("The store's process said what nobody can read; it is stopped.")
            self.kill()
        self._bury(await self.process.wait())

    async def _hear(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - opened with a pipe
        number, error, value = await frames.read(self.process.stdout)
        self._last_heard = time.monotonic()
        self._long.pop(number, None)
        answer = self._waiting.pop(number)
        if answer.done():
            return  # its caller has gone
        if error is None:
            answer.set_result(value)
        else:
            answer.set_exception(error)
            answer.exception()  # it may be that nobody waits

    async def _watch_opening(self) -> None:
        found = await asyncio.to_thread(disk_usage, self._folder)
        while not self.opened.done():
            grown = await asyncio.to_thread(disk_usage, self._folder) - found
            if grown > _ENOUGH_TO_OPEN and not self.opened.done():
                told = (
                    f"{self._folder} grew by {grown:,} bytes while it was opened. Restore it from a backup."
                )
                self.opened.set_exception(StoreDamaged(told))
                self.opened.exception()  # it may be that nobody waits
                self.kill()
            await asyncio.sleep(_LOOKED_EVERY_S)

    def _bury(self, status: int) -> None:
        self.over = True
        self._guard.cancel()
        reason = signal.Signals(-status).name if status < 0 else f"exit status {status}"
        self._on_end(self, reason)
        kind = self._cause(status)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(kind(f"The store's process ended ({reason})."))
                answer.exception()  # it may be that nobody waits
        self._waiting.clear()

    def _cause(self, status: int) -> type[StoreError]:
        if status == -signal.SIGBUS and shutil.disk_usage(self._folder.parent).free < _HARDLY_ANY_ROOM:
            return StoreFull
        if not self.opened.done() and status < 0 and status != -signal.SIGKILL:
            return StoreDamaged  # reading the files was the end of it
        return StoreUnavailable

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def close(self, within_s: float) -> None:
        """In good order, behind all that it still has to do; stopped if that takes too long."""
        assert self.process.stdin is not None  # noqa: S101 - opened with a pipe
        if not self.over:
            self.process.stdin.write(frames.pack((next(self._numbers), "close", {}, 0.0)))
        self.process.stdin.close()
        try:
            async with asyncio.timeout(within_s):
                await self.ended()
        except TimeoutError:
            log.warning(
                "%s was not closed after %.0f s, and its process is stopped: the next start finds no checksums.",
                self._folder,
                within_s,
            )
            self.kill()
            await self.ended()

    async def ended(self) -> None:
        await asyncio.shield(self._reader)
