"""What uvicorn leaves open: it waits for a request's head for as long as that takes, and lets it grow; a body whose
request was refused it reads to the end; and an answer that nobody fetches it keeps.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from service.access.body_sizes import larger_bodies
from service.settings import Settings

_MAX_HEAD_BYTES = 65_536
_MAX_WITHOUT_HEAD = 500
_FETCH_S = 60
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def connections(settings: Settings) -> type["Connection"]:
    class Limited(Connection):
        head_s = settings.header_timeout_s
        max_body_bytes = settings.max_body_bytes
        larger = larger_bodies(settings)
        without_head: ClassVar[dict[Connection, None]] = {}

    return Limited


class Connection(HttpToolsProtocol):
    head_s: ClassVar[float]
    max_body_bytes: ClassVar[int]
    larger: ClassVar[Mapping[str, int]]
    without_head: ClassVar[dict["Connection", None]]
    """In the order in which they began to wait for one."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._reading_head = True
        self._bytes = 0
        self._patience: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._resume()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._reading_head and self._patience is None:
            self._await_head()
        self._bytes += len(data)
        super().data_received(data)
        most = _MAX_HEAD_BYTES if self._reading_head else self._most_of_a_body()
        if self._bytes > most and not self.transport.is_closing():
            self._cut_off()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._reading_head:  # trailers follow the body, and nobody here reads them
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._reading_head, self._bytes = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        self._reading_head, self._bytes = True, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # Closed at once, with bytes on their way, it would be a reset, and the client might not see the answer.
        if not self._reading_head and not self._is_answering() and not self.transport.is_closing():
            self._wait(self.head_s)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(_FETCH_S, self.transport.abort)

    def resume_writing(self) -> None:
        self._resume()
        super().resume_writing()

    def _most_of_a_body(self) -> int:
        """As it is sent: in chunks, each with its length, and with trailers."""
        return 2 * self.larger.get(self.scope["path"], self.max_body_bytes) + 1_000_000

    def _unsupported_upgrade_warning(self) -> None:
        """It would advise to install what is left out on purpose, with every request for a WebSocket or HTTP/2."""

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._wait(self.head_s)
        self.without_head[self] = None
        if len(self.without_head) > _MAX_WITHOUT_HEAD:
            longest = next(iter(self.without_head))
            del self.without_head[longest]
            longest.transport.abort()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        self.without_head.pop(self, None)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if self._is_answering():  # an earlier request of the same connection
            self._wait(self.head_s)
        else:
            self.transport.close()

    def _cut_off(self) -> None:
        if self._reading_head and not self._is_answering():
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        else:
            self.transport.abort()

    def _resume(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
