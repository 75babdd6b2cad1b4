"""The request in hand, for whoever logs, refuses or measures on its way."""

import re
import secrets
import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar

_SANE_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")

CLIENT_GONE = 499
"""No answer of ours: what is counted for a client that left before it had one, as nginx counts it."""


class Handled:
    """Mutable, because the context of a task is a copy: whoever notes something, the middleware sees it."""

    __slots__ = (
        "_began",
        "answered",
        "body_complete",
        "bytes_in",
        "bytes_out",
        "code",
        "id",
        "over",
        "stages_s",
        "status",
        "until_answer_s",
        "waited_s",
    )

    def __init__(self, request_id: str) -> None:
        self._began = time.perf_counter()
        self.id = request_id
        self.status: int | None = None
        self.code: str | None = None
        self.stages_s: Mapping[str, float] = {}
        self.bytes_in = 0
        self.bytes_out = 0
        self.waited_s = 0.0
        """For the client to send its body."""
        self.until_answer_s: float | None = None
        self.body_complete = False
        self.answered = False
        self.over = False

    def elapsed_s(self) -> float:
        return time.perf_counter() - self._began

    def own_s(self) -> float:
        """Until the answer began, without the time that the client took to send its body."""
        until_answer_s = self.elapsed_s() if self.until_answer_s is None else self.until_answer_s
        return max(0.0, until_answer_s - self.waited_s)

    def final_status(self) -> int:
        return 500 if self.status is None else self.status


current: ContextVar[Handled | None] = ContextVar("handled_request", default=None)


def request_id() -> str | None:
    """None where no request is in hand. A task that a request left behind speaks for itself."""
    handled = current.get()
    return None if handled is None or handled.over else handled.id


def id_for(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The client's own where it can do no harm in a log or a header, else a new one."""
    for name, value in headers:
        if name == b"x-request-id" and _SANE_ID.fullmatch(value):
            return value.decode("ascii")
    return secrets.token_hex(16)


def observe_stages(timings_s: Mapping[str, float]) -> None:
    """How long each stage of a search took; the rest of the request is counted as overhead."""
    if (handled := current.get()) is not None:
        handled.stages_s = timings_s


def observe_problem(code: str) -> None:
    """Nobody was told of one that arose because the client had left."""
    if (handled := current.get()) is not None and handled.status != CLIENT_GONE:
        handled.code = code
