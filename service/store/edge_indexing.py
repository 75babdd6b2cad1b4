"""When a shard is given an HNSW index: below a size never, for comparing with every vector is exact and fast there.

An index costs minutes for a large shard, so while writes flow it is made when the rest has grown to half of what is
indexed or has waited for long, and as soon as they pause.
"""

import asyncio
import logging
from contextlib import suppress
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
        self._timer: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        self._enough_since: float | None = None
        self._left = 0
        """Points that the last build has left without an index."""
        self._closed = False

    def consider(self, points: int, unindexed: int) -> None:
        """Told after every write, and what there is after a build."""
        if self._building() or self._closed:
            return
        self._forget_timer()
        if unindexed - self._left < self._shard.options.index_from:
            self._enough_since = None
            return
        self._start_at(max(self._due(points, unindexed), self._not_before))

    def _due(self, points: int, unindexed: int) -> float:
        now = asyncio.get_running_loop().time()
        if self._enough_since is None:
            self._enough_since = now
        if unindexed >= (points - unindexed) / 2:
            return now
        options = self._shard.options
        return min(now + options.quiet_s, self._enough_since + options.busy_s)

    def _start_at(self, moment: float) -> None:
        loop = asyncio.get_running_loop()
        if moment <= loop.time():
            self._start()
        else:
            self._timer = loop.call_at(moment, self._start)

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
        self._forget_timer()
        if self._build is None or self._build.done():
            self._enough_since = None
            self._build = asyncio.create_task(self._attempt())
        return self._build

    async def _attempt(self) -> bool:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            self._left = await build(self._shard)
        except (StoreError, OSError) as error:
            log.warning("No index could be made; searches go on without: %s", error)
            self._not_before = loop.time() + max(_PAUSE_AFTER_FAILURE_S, loop.time() - started)
            self._start_at(self._not_before)
            return False
        log.info("The index was made in %.1f s.", loop.time() - started)
        with suppress(StoreError):
            contents, unindexed = await self._shard.ask("state")
            # What was written meanwhile wants one too, once this has ended.
            loop.call_soon(self.consider, contents.count, unindexed)
        return True

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def aclose(self) -> None:
        self._closed = True
        self._forget_timer()
        if self._build is not None:
            self._build.cancel()
            await asyncio.wait([self._build])
        self._forget_timer()
