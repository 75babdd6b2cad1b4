"""When a shard is given an HNSW index: below a size never, for comparing with every vector is exact and fast there.

An index costs minutes for a large shard, so while writes flow it is made when the rest has grown to half of what is
indexed, and as soon as they pause.
"""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from service.store.edge_build import build
from service.store.errors import StoreError

if TYPE_CHECKING:
    from service.store.edge_shard import Shard

log = logging.getLogger(__name__)

_PAUSE_AFTER_FAILURE_S = 60.0


class Indexing:
    def __init__(self, shard: "Shard") -> None:
        self._shard = shard
        self._build: asyncio.Task[bool] | None = None
        self._quiet: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        self._left = 0
        """Points that the last build has left without an index."""

    def consider(self, points: int, unindexed: int) -> None:
        """Told after every write."""
        self._forget_quiet()
        options = self._shard.options
        if (
            unindexed - self._left < options.index_from
            or self._building()
            or time.monotonic() < self._not_before
        ):
            return
        if unindexed >= (points - unindexed) / 2:
            self._start()
        else:
            self._quiet = asyncio.get_running_loop().call_later(options.quiet_s, self._start)

    async def settle(self) -> None:
        while True:
            _, unindexed = await self._shard.ask("state")
            if not self._building() and unindexed - self._left < self._shard.options.index_from:
                return
            if not await asyncio.shield(self._start()):
                return

    def _building(self) -> bool:
        return self._build is not None and not self._build.done()

    def _start(self) -> "asyncio.Task[bool]":
        self._forget_quiet()
        if self._build is None or self._build.done():
            self._build = asyncio.create_task(self._attempt())
        return self._build

    async def _attempt(self) -> bool:
        started = time.monotonic()
        try:
            self._left = await build(self._shard)
        except (StoreError, OSError) as error:
            log.warning("No index could be made; searches go on without: %s", error)
            self._not_before = time.monotonic() + _PAUSE_AFTER_FAILURE_S
            return False
        log.info("The index was made in %.1f s.", time.monotonic() - started)
        return True

    def _forget_quiet(self) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
            self._quiet = None

    async def aclose(self) -> None:
        self._forget_quiet()
        if self._build is not None:
            self._build.cancel()
            await asyncio.wait([self._build])
