"""One connection of a client, with as little between it and the socket as Python allows."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TIMING = re.compile(rb"\r\nserver-timing: *([^\r]*)", re.IGNORECASE)
_LAST = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_STAGE = re.compile(r"([\w-]+);dur=([\d.]+)")
_END = b"\r\n\r\n"


class NotUnderstood(Exception):
    """An answer without a length, or with more than one answer in it: none of the services gives any."""


class Answer:
    """The head is kept as it came: most of what it says is looked up when nothing is measured any more."""

    __slots__ = ("head", "seconds", "status")

    def __init__(self, head: bytes, seconds: float) -> None:
        self.head = head
        self.seconds = seconds
        self.status = int(head[9:12])

    @property
    def is_last(self) -> bool:
        return _LAST.search(self.head) is not None

    def stages_ms(self) -> dict[str, float]:
        found = _TIMING.search(self.head)
        return {name: float(ms) for name, ms in _STAGE.findall(found[1].decode())} if found else {}


OnAnswer = Callable[["Connection", Answer], None]
OnEnd = Callable[["Connection"], None]


class Connection(asyncio.Protocol):
    def __init__(self, on_answer: OnAnswer, on_end: OnEnd) -> None:
        self._on_answer, self._on_end = on_answer, on_end
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._whole_bytes = 0
        self._asked_at = 0.0
        self.waits = False
        """An answer is owed: whose connection ends now has lost it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes, since: float | None = None) -> None:
        """`since`: when the client began, if that was before, with connecting."""
        assert self._transport
        self._asked_at = time.perf_counter() if since is None else since
        self._received, self._whole_bytes, self.waits = b"", 0, True
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not self._whole_bytes and (head_bytes := self._received.find(_END)) >= 0:
            if (length := _LENGTH.search(self._received, 0, head_bytes)) is None:
                raise NotUnderstood(self._received[:200])
            self._whole_bytes = head_bytes + len(_END) + int(length[1])
        if not self._whole_bytes or len(self._received) < self._whole_bytes:
            return
        if len(self._received) > self._whole_bytes or not self.waits:
            raise NotUnderstood(self._received[:200])
        self.waits = False
        head = self._received[: self._received.find(_END)]
        self._on_answer(self, Answer(head, time.perf_counter() - self._asked_at))

    def connection_lost(self, _: Exception | None) -> None:
        self._on_end(self)

    def close(self) -> None:
        if self._transport:
            self._transport.close()
