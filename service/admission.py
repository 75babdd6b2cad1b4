"""Room for requests that bring images or name them, asked for before their bodies are read: whoever cannot be served
is told at once, and costs next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from embedder import MicroBatcher, Overloaded
from service.access.shares import Shares

_ADDRESSES_TO_FILL_IT = 4
_LEAST_EACH = 16


class Admission:
    """Those whose bodies are still coming are counted too: there may be many, and each takes memory."""

    def __init__(self, batcher: MicroBatcher) -> None:
        self._batcher = batcher
        each = max(_LEAST_EACH, batcher.queue_size)
        self._inside = Shares(_ADDRESSES_TO_FILL_IT * each, each)

    @contextmanager
    def room(self, who: str, *, for_device: bool) -> Iterator[None]:
        """`for_device` where the device is wanted in any case; else a full queue is no reason to refuse."""
        if for_device:
            self._batcher.check_room()
        if not self._inside.take(who):
            raise Overloaded(1.0)
        try:
            yield
        finally:
            self._inside.give_back(who)
