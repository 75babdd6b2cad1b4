"""A generation's shard as its owner holds it: the process that has it open, and what writes have to wait for."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from service.store.edge_indexing import Indexing
from service.store.edge_options import EdgeOptions
from service.store.edge_process import EdgeProcess
from service.store.errors import StoreFrozen, StoreUnavailable
from service.store.gate import WriteGate


class Shard:
    def __init__(
        self,
        folder: Path,
        options: EdgeOptions,
        on_move: Callable[[Path], None],
        is_live: Callable[[], bool],
    ) -> None:
        self.options = options
        self.gate = WriteGate()
        self._process = self.opened(folder)
        self._on_move = on_move
        self._is_live = is_live
        self._frozen_until = 0.0
        self._indexing = Indexing(self)

    @property
    def folder(self) -> Path:
        return self._process.folder

    @property
    def pid(self) -> int | None:
        return self._process.pid

    async def open(self) -> None:
        await self._process.open()
        contents, unindexed = await self.ask("state")
        self._indexing.consider(contents.count, unindexed)

    async def ask(self, operation: str, **arguments: Any) -> Any:
        return await self._process.call(operation, **arguments)

    async def write(self, operation: str, **arguments: Any) -> Any:
        within_s = self.options.within_s(operation)
        deadline = time.monotonic() + within_s
        async with self.gate.passing(within_s):
            if self.is_frozen():
                raise StoreFrozen
            self._frozen_until = 0.0
            answer = await self._process.call(operation, deadline=deadline, **arguments)
        if operation == "upsert":
            self._indexing.consider(*answer)
        return answer

    @asynccontextmanager
    async def still(self) -> AsyncIterator[Path]:
        """The files at rest: nobody writes until it is left, while everybody reads."""
        async with self.gate.held():
            process = self._process
            await process.call("flush")  # behind whatever an impatient caller has left to be done
            pid = process.pid
            yield process.folder
            if process.pid != pid:  # and the next one mends what it finds, as it opens
                raise StoreUnavailable("The store's process ended while its files were to be at rest.")

    async def freeze(self, seconds: float | None) -> None:
        self._frozen_until = time.monotonic() + seconds if seconds is not None else float("inf")
        async with self.still():
            pass

    def is_frozen(self) -> bool:
        if not self._frozen_until:
            return False
        return time.monotonic() < self._frozen_until or not self._is_live()

    def thaw(self) -> None:
        self._frozen_until = 0.0

    def move(self, process: EdgeProcess) -> EdgeProcess:
        """From here on this process is asked. Gives the one that was."""
        self._on_move(process.folder)
        replaced, self._process = self._process, process
        return replaced

    async def settle(self) -> None:
        await self._indexing.settle()

    def opened(self, folder: Path) -> EdgeProcess:
        return EdgeProcess(folder, self.options)

    async def aclose(self) -> None:
        await self._indexing.aclose()
        await self._process.aclose()
