"""Writes held off across processes: a date in the collection's metadata, which every writer looks at.

Nobody tells the writers. So each of them believes what it read for a moment only, and whoever freezes waits until
the last write that could have believed otherwise is over.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from service.store.errors import StoreFrozen

BELIEVED_S = 1.0
# A cluster's other nodes learn of a change of metadata a little after the one that was told.
_SPREADING_S = 1.0
_KEY = "frozen_until"
_FOREVER = 1e11


def grace_s(timeout_s: float, believed_s: float) -> float:
    """How long a write can still land after the flag is set: it is checked and done under one deadline."""
    return believed_s + timeout_s + min(_SPREADING_S, timeout_s)


def frozen(seconds: float | None) -> dict[str, Any]:
    return {_KEY: _FOREVER if seconds is None else time.time() + seconds}


def is_frozen(metadata: dict[str, Any]) -> bool:
    return float(metadata.get(_KEY, 0.0)) > time.time()


def thawed() -> dict[str, Any]:
    return {_KEY: 0.0}


class Thaw:
    """Lets a write pass, or raises StoreFrozen."""

    def __init__(
        self,
        metadata: Callable[[], Awaitable[dict[str, Any]]],
        is_live: Callable[[], Awaitable[bool]],
        believed_s: float,
    ) -> None:
        self._metadata = metadata
        self._is_live = is_live
        self._believed_s = believed_s
        self._believed_until = 0.0

    async def check(self) -> None:
        asked_at = time.monotonic()
        if asked_at < self._believed_until:
            return
        until = float((await self._metadata()).get(_KEY, 0.0))
        if until > time.time() or (until and not await self._is_live()):
            raise StoreFrozen  # not remembered: when it is thawed, writes go on at once
        # From before the question was sent, because the answer may have been on its way for long.
        self._believed_until = asked_at + self._believed_s
