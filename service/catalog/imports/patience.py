"""Whoever asks in person goes first: a catalogue that comes in takes what the device has left."""

import asyncio

from embedder import Embedder, ImageLimits, MicroBatcher, Overloaded
from service.catalog.pictures import Picture, PictureReader

_SHARE = 4
"""Of a batch, and of the queue. On a processor, where small batches are as good, that is one picture for each lane."""


class PatientReader(PictureReader):
    """A few pictures at a time, so that a search never waits behind more; where the queue is full of others, it comes
    back when they are through."""

    def __init__(self, embedder: Embedder, batcher: MicroBatcher, limits: ImageLimits) -> None:
        super().__init__(embedder, batcher, limits)
        lane_full = max(1, embedder.largest_batch // _SHARE)
        at_once = max(1, min(embedder.lanes * lane_full, batcher.queue_size // _SHARE))
        self._turns = asyncio.Semaphore(at_once)

    async def read(self, data: bytes) -> Picture:
        async with self._turns:
            while True:
                try:
                    return await super().read(data)
                except Overloaded as full:
                    await asyncio.sleep(full.retry_after_s)
