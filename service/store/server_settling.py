"""Waiting until a server has indexed what it was given."""

import asyncio
from collections.abc import Awaitable, Callable

from qdrant_client import models

from service.store.errors import StoreRefused, StoreTimedOut

_PAUSE_S = 0.2
_PATIENCE_S = 3600.0


async def settled(collection: str, look: Callable[[], Awaitable[models.CollectionInfo]]) -> None:
    """Calm twice in a row: right after a write the optimizer may not have looked yet."""
    clock = asyncio.get_running_loop().time
    ends, calm, indexed = clock() + _PATIENCE_S, 0, None
    while clock() < ends:
        info = await look()
        if info.indexed_vectors_count != indexed:
            indexed, ends = info.indexed_vectors_count, clock() + _PATIENCE_S
        if info.status is models.CollectionStatus.RED:
            raise StoreRefused(f"Qdrant gave up indexing {collection}: {info.optimizer_status}")
        calm = 0 if _busy(info) else calm + 1
        if calm == 2:
            return
        await asyncio.sleep(_PAUSE_S)
    raise StoreTimedOut(f"Qdrant has indexed nothing of {collection} for {_PATIENCE_S / 60:.0f} minutes.")


def _busy(info: models.CollectionInfo) -> bool:
    """Grey is calm: there would be something to do, and nothing will be done until the next write."""
    waiting = info.update_queue is not None and info.update_queue.length > 0
    return waiting or info.status is models.CollectionStatus.YELLOW
