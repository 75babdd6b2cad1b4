"""The parent's side of the child process: send a frame, await its answer, start again what has died."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from itertools import count
from pathlib import Path
from typing import Any

from service.store import frames
from service.store.errors import (
    StoreBusy,
    StoreError,
    StoreFull,
    StoreRefused,
    StoreTimedOut,
    StoreUnavailable,
)

log = logging.getLogger(__name__)

_OUTCOMES: dict[str, type[StoreError]] = {
    "busy": StoreBusy,
    "full": StoreFull,
    "failed": StoreRefused,
    "panic": StoreUnavailable,
}
# The child finds the packages where this process found them, installed or not.
_ROOT = str(Path(__file__).resolve().parents[2])
_CLOSING_TIME_S = 10.0


class EdgeProcess:
    def __init__(self, timeout_s: float = 30.0) -> None:
        self._timeout_s = timeout_s
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._starting = asyncio.Lock()
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def call(self, operation: str, *, timeout_s: float | None = None, **arguments: Any) -> Any:
        process = await self._running()
        number = next(self._numbers)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        deadline_s = timeout_s or self._timeout_s
        try:
            async with asyncio.timeout(deadline_s):
                await self._send(process, (number, operation, arguments))
                return await answer
        except TimeoutError as error:
            raise StoreTimedOut(f"The store did not answer within {deadline_s:.0f} s.") from error
        finally:
            self._waiting.pop(number, None)

    async def _send(self, process: Process, message: object) -> None:
        assert process.stdin is not None  # noqa: S101 - opened with a pipe
        try:
            process.stdin.write(frames.pack(message))
            await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise StoreUnavailable("The store's process has just ended; it is started again.") from error

    async def _running(self) -> Process:
        async with self._starting:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            if self._process is None:
                self._process = await self._start()
            return self._process

    async def _start(self) -> Process:
        paths = os.pathsep.join(filter(None, [_ROOT, os.environ.get("PYTHONPATH")]))
        # One thread for BLAS: the store shares its cores with the embedder.
        environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "service.store.edge_child", stdin=PIPE, stdout=PIPE, env=environment
        )
        self._reader = asyncio.create_task(self._read(process))
        return process

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101 - opened with a pipe
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                number, outcome, value = await frames.read(process.stdout)
                answer = self._waiting.pop(number, None)
                if answer is None or answer.done():
                    continue  # its caller has gone
                if outcome == "ok":
                    answer.set_result(value)
                else:
                    answer.set_exception(_OUTCOMES[outcome](value))
        await self._ended(process)

    async def _ended(self, process: Process) -> None:
        status = await process.wait()
        self._process = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(StoreUnavailable(f"The store's process ended ({_reason(status)})."))
        self._waiting.clear()
        if not self._closed:
            log.error("The store's process ended (%s); the next call starts it again.", _reason(status))

    async def aclose(self) -> None:
        async with self._starting:
            self._closed = True
            process, reader = self._process, self._reader
        if process is None or reader is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            async with asyncio.timeout(_CLOSING_TIME_S):
                await asyncio.shield(reader)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await reader


def _reason(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
