"""What uvicorn leaves open: it waits for a request's head for as long as that takes, and lets it grow; a body whose
request was refused it reads to the end; an answer that nobody fetches it keeps; of requests that come before the
answers to others it keeps any number; and the body of one that wishes for another protocol it takes for a request.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from service.access.body_sizes import larger_bodies
from service.access.fetching import Fetching
from service.access.open_files import most_open_files
from service.access.raw_refusals import raw_refusal
from service.access.waiting import Waiting
from service.settings import Settings

_MAX_HEAD_BYTES = 65_536
_MOST_AHEAD = 32
_LINGER_S = 2.0
_MOST_CONNECTIONS = 10_000
_FILES_FOR_OTHERS = 200
_UPGRADE = b"upgrade"


def connections(settings: Settings) -> type["Connection"]:
    most_ = max(64, min(_MOST_CONNECTIONS, most_open_files() - _FILES_FOR_OTHERS))

    class Limited(Connection):
        head_s = settings.header_timeout_s
        max_body_bytes = settings.max_body_bytes
        larger = larger_bodies(settings)
        most = most_
        heads, bodies, idle = (
            Waiting(min(500, most_ // 4)),
            Waiting(min(1_000, most_ // 4)),
            Waiting(most_ // 2),
        )

    return Limited


class _NoRequest(Exception):
    """Ends the parsing of what has come, wherever in it that is."""


class Connection(HttpToolsProtocol):
    head_s: ClassVar[float]
    max_body_bytes: ClassVar[int]
    larger: ClassVar[Mapping[str, int]]
    most: ClassVar[int]
    heads: ClassVar[Waiting]
    """In the order in which they began to wait for one."""
    bodies: ClassVar[Waiting]
    """In the order in which something of one last came."""
    idle: ClassVar[Waiting]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._reading_head = True
        self._wishes_upgrade = False
        self._bytes = 0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        super().connection_made(transport)
        self._fetching = Fetching(transport)
        self._await_head()
        if len(self.connections) > self.most:
            _ = self.idle.drop_longest() or self.bodies.drop_longest() or self.heads.drop_longest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._fetching.goes_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self.idle.forget(self)
        if self._reading_head and self._patience is None:
            self._await_head()
        self._bytes += len(data)
        self._parse(data)
        if self.transport.is_closing():
            return
        if self._bytes > (_MAX_HEAD_BYTES if self._reading_head else self._most_of_a_body()):
            self._cut_off()
        elif not self._reading_head:
            self.bodies.note(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._reading_head:  # trailers follow the body, and nobody here reads them
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._wishes_upgrade = self.parser.should_upgrade()
        if self._wishes_upgrade:  # it comes again without the wish
            if self.parser.get_method() == b"CONNECT":
                raise _NoRequest
            return
        if len(self.pipeline) >= _MOST_AHEAD:
            self.transport.abort()
            raise _NoRequest
        super().on_headers_complete()
        self._stop_waiting()
        self._reading_head, self._bytes = False, 0

    def on_message_complete(self) -> None:
        if self._wishes_upgrade:
            return
        self._stop_waiting()
        self._reading_head, self._bytes = True, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing() or self._is_answering():
            if self.pipeline:
                self.flow.pause_reading()
        elif not self._reading_head:
            # Closed at once, with bytes on their way, it would be a reset, and the client might not see the answer.
            self._wait(self.head_s)
        elif self._patience is None:
            self.idle.note(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._fetching.waits()

    def resume_writing(self) -> None:
        self._fetching.goes_on()
        super().resume_writing()

    def _parse(self, data: bytes) -> None:
        """The parser takes a wish for another protocol for granted, and the body for that protocol's."""
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as wish:
                data = self._head_without_wish() + data[wish.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's
            except httptools.HttpParserError:
                self._refuse("bad_request")
                break
            else:
                break

    def _head_without_wish(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + version]
        lines += [name + b": " + value for name, value in self.headers if name != _UPGRADE]
        return b"\r\n".join([*lines, b"", b""])

    def _most_of_a_body(self) -> int:
        """As it is sent: in chunks, each with its length, and with trailers."""
        return 2 * self.larger.get(self.scope["path"], self.max_body_bytes) + 1_000_000

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _await_head(self) -> None:
        self._wait(self.head_s)
        self.heads.note(self)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        for waiting in (self.heads, self.bodies, self.idle):
            waiting.forget(self)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if self._is_answering():  # an earlier request of the same connection
            self._wait(self.head_s)
        else:
            self.transport.close()

    def _cut_off(self) -> None:
        if self._reading_head:
            self._refuse("head_too_large")
        elif self._is_answering():
            self.transport.abort()
        else:  # it may still look for the answer, which it has
            self.flow.pause_reading()
            self._wait(min(self.head_s, _LINGER_S))

    def _refuse(self, code: str) -> None:
        """Not into another answer, nor in its place."""
        if self.transport.is_closing():
            return
        if self._is_answering() and (self._reading_head or self.pipeline or self.cycle.response_started):
            self.transport.abort()
            return
        if self._reading_head or self._is_answering():
            self.transport.write(raw_refusal(code))
        self.transport.close()
