"""The parent's side of a shard's process: send a frame, await its answer, start again what has died or hangs."""

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
from service.store.edge_options import EdgeOptions
from service.store.errors import StoreDamaged, StoreError, StoreFull, StoreTimedOut, StoreUnavailable

log = logging.getLogger(__name__)

_CLOSING_TIME_S = 10.0
# Edge sets its files aside in pieces of 32 MB.
_HARDLY_ANY_ROOM = 64_000_000


class EdgeProcess:
    def __init__(self, folder: Path, options: EdgeOptions) -> None:
        self.folder = folder
        self._options = options
        self._starting = asyncio.Lock()
        self._life: _Life | None = None
        self._restarts: set[asyncio.Task[None]] = set()
        self._closed = False
        self._calls = 0
        self._idle = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._life.process.pid if self._life else None

    async def open(self) -> None:
        """However long it takes: a large shard is not late, only large."""
        await asyncio.shield((await self._alive()).opened)

    async def call(self, operation: str, *, timeout_s: float | None = None, **arguments: Any) -> Any:
        deadline_s = timeout_s or self._options.timeout_s
        life = None
        self._calls += 1
        self._idle.clear()
        try:
            async with asyncio.timeout(deadline_s):
                life = await self._alive()
                await asyncio.shield(life.opened)
                return await life.ask(operation, arguments)
        except TimeoutError as error:
            if life is not None and life.opened.done() and life.silent_s() > self._options.stalled_s:
                log.error("The store's process has said nothing for %.0f s; it is stopped.", life.silent_s())  # noqa: TRY400 - no error of ours
                life.kill()
            raise StoreTimedOut(f"The store did not answer within {deadline_s:.0f} s.") from error
        finally:
            self._calls -= 1
            if self._calls == 0:
                self._idle.set()

    async def _alive(self) -> "_Life":
        async with self._starting:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            if self._life is None or self._life.over:
                self._life = _Life(
                    self.folder, await _spawn(self.folder, self._options.reserve_bytes), self._ended
                )
            return self._life

    def _ended(self, life: "_Life", reason: str) -> None:
        if self._closed or not life.was_open():
            return
        log.error("The store's process ended (%s); it is started again.", reason)
        restart = asyncio.create_task(self._restart())
        self._restarts.add(restart)
        restart.add_done_callback(self._restarts.discard)

    async def _restart(self) -> None:
        try:
            await self.open()
        except StoreError as error:
            log.error("The store's process could not be started again: %s", error)  # noqa: TRY400 - a sentence of ours

    async def aclose(self) -> None:
        async with self._starting:
            self._closed = True
        if self._life is not None:
            await self._life.end()

    async def abandon(self) -> None:
        """Ends it as soon as it owes nobody an answer: nobody will open these files again."""
        while self._calls:
            await self._idle.wait()
        self._closed = True
        if self._life is not None:
            self._life.kill()
            await self._life.end()


async def _spawn(folder: Path, reserve_bytes: int) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "service.store.edge_child", str(folder), str(reserve_bytes)),
        stdin=PIPE,
        stdout=PIPE,
        env=child_environment(),
    )


def child_environment() -> dict[str, str]:
    """The child finds the packages where this process found them, installed or not.

    One thread for BLAS: the store shares its cores with the embedder.
    """
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class _Life:
    """One run of the child, from its start to its end."""

    def __init__(self, folder: Path, process: Process, on_end: Callable[["_Life", str], None]) -> None:
        self._folder = folder
        self.process = process
        self.over = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, asyncio.Future[Any]] = {0: self.opened}
        self._numbers = count(1)
        self._on_end = on_end
        self._last_heard = time.monotonic()
        self._reader = asyncio.create_task(self._read())

    def was_open(self) -> bool:
        return self.opened.done() and not self.opened.cancelled() and self.opened.exception() is None

    def silent_s(self) -> float:
        return time.monotonic() - self._last_heard

    async def ask(self, operation: str, arguments: dict[str, Any]) -> Any:
        assert self.process.stdin is not None  # noqa: S101 - opened with a pipe
        if not self._waiting:
            self._last_heard = time.monotonic()  # it had nothing to say
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self.process.stdin.write(frames.pack((number, operation, arguments)))
            await self.process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise StoreUnavailable("The store's process has just ended; it is started again.") from error
        return await answer  # which stays in _waiting when its caller goes: the child still owes it

    async def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - opened with a pipe
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                number, error, value = await frames.read(self.process.stdout)
                self._last_heard = time.monotonic()
                answer = self._waiting.pop(number)
                if answer.done():
                    continue  # its caller has gone
                if error is None:
                    answer.set_result(value)
                else:
                    answer.set_exception(error)
                    answer.exception()  # it may be that nobody waits
        self._bury(await self.process.wait())

    def _bury(self, status: int) -> None:
        self.over = True
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

    async def end(self) -> None:
        assert self.process.stdin is not None  # noqa: S101 - opened with a pipe
        self.process.stdin.close()
        try:
            async with asyncio.timeout(_CLOSING_TIME_S):
                await asyncio.shield(self._reader)
        except TimeoutError:
            self.kill()
            await self._reader
