"""An answer that its client is slow to fetch."""

import asyncio
import logging

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 60.0
_LEAST_BYTES = 16_000


class Fetching:
    """Given up where hardly any of it went during a whole minute. A thin line may take as long as it needs."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._left = 0
        self._timer: asyncio.TimerHandle | None = None

    def waits(self) -> None:
        self._left = self._transport.get_write_buffer_size()
        self._timer = asyncio.get_running_loop().call_later(_LOOK_EVERY_S, self._look)

    def goes_on(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        if self._left - self._transport.get_write_buffer_size() >= _LEAST_BYTES:
            self.waits()
            return
        log.info("an answer was given up: its client fetched next to nothing of it for %.0f s", _LOOK_EVERY_S)
        self._transport.abort()
