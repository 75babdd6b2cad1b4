"""The parent's side of a shard's process: ask, await the answer, start again what has died or hangs."""

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

from service.store.edge_life import Life, spawn
from service.store.edge_options import EdgeOptions
from service.store.errors import StoreError, StoreTimedOut, StoreUnavailable
from service.store.files import disk_usage

log = logging.getLogger(__name__)

_CLOSING_TIME_S = 10.0
# A slow disk: closing reads all there is, for its checksums.
_CLOSED_BYTES_PER_S = 50_000_000


class EdgeProcess:
    def __init__(self, folder: Path, options: EdgeOptions) -> None:
        self.folder = folder
        self._options = options
        self._starting = asyncio.Lock()
        self._life: Life | None = None
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

    async def call(self, operation: str, *, deadline: float | None = None, **arguments: Any) -> Any:
        """`deadline` on the clock of `time.monotonic`, where the caller has already waited for something else."""
        within_s = self._options.within_s(operation)
        deadline = time.monotonic() + within_s if deadline is None else deadline
        life = None
        self._calls += 1
        self._idle.clear()
        try:
            async with asyncio.timeout(deadline - time.monotonic()):
                life = await self._alive()
                await asyncio.shield(life.opened)
                return await life.ask(operation, arguments, deadline)
        except TimeoutError as error:
            if life is not None and life.opened.done() and life.silent_s() > self._options.stalled_s:
                log.error("The store's process has said nothing for %.0f s; it is stopped.", life.silent_s())  # noqa: TRY400 - no error of ours
                life.kill()
            raise StoreTimedOut(f"The store did not answer within {within_s:.0f} s.") from error
        finally:
            self._calls -= 1
            if self._calls == 0:
                self._idle.set()

    async def _alive(self) -> Life:
        async with self._starting:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            if self._life is None or self._life.over:
                process = await spawn(self.folder, self._options.reserve_bytes)
                self._life = Life(self.folder, process, self._ended)
            return self._life

    def _ended(self, life: Life, reason: str) -> None:
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
            if not self._life.was_open():
                self._life.kill()  # nothing has been done that wants an end
            size = await asyncio.to_thread(disk_usage, self.folder)
            await self._life.close(_CLOSING_TIME_S + size / _CLOSED_BYTES_PER_S)

    async def abandon(self) -> None:
        """Ends it as soon as it owes nobody an answer: nobody will open these files again."""
        while self._calls:
            await self._idle.wait()
        self._closed = True
        if self._life is not None:
            self._life.kill()
            await self._life.ended()
