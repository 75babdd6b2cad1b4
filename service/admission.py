"""Room for requests that bring images, asked for before their bodies are read: whoever cannot be served is told at
once, and costs next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from embedder import MicroBatcher, Overloaded

_INSIDE_FOR_EACH_WAITING = 4


class Admission:
    def __init__(self, batcher: MicroBatcher) -> None:
        self._batcher = batcher
        self._most = _INSIDE_FOR_EACH_WAITING * batcher.queue_size
        self._inside = 0

    @contextmanager
    def room(self) -> Iterator[None]:
        """Those whose bodies are still coming are counted too: there may be many, and each takes memory."""
        self._batcher.check_room()
        if self._inside >= self._most:
            raise Overloaded(1.0)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
