"""Around everything else, also around what answers for exceptions that nobody caught: an id for each request, in each
answer, and its figures once it is over."""

import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.telemetry.access import AccessLog
from service.telemetry.handled import CLIENT_GONE, Handled, current, id_for
from service.telemetry.metrics import Metrics
from service.telemetry.routing import route_of


class Telemetry:
    def __init__(self, app: ASGIApp, metrics: Metrics, access: AccessLog) -> None:
        self._app = app
        self._metrics = metrics
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        handled = Handled(id_for(scope["headers"]))
        token = current.set(handled)
        self._metrics.in_flight.inc()
        try:
            await self._app(scope, _heard(receive, handled), _told(send, handled))
        except Exception:
            if not handled.answered:  # whoever serves has to break the connection off
                raise
            # Else the answer was a whole 500 and the traceback is in the log: raised on, it would be there twice.
        finally:
            self._end(handled, scope)
            current.reset(token)

    def _end(self, handled: Handled, scope: Scope) -> None:
        route = route_of(scope)
        self._metrics.in_flight.dec()
        self._metrics.request(scope["method"], route, handled)
        self._access.note(scope, route, handled)
        handled.over = True


def _heard(receive: Receive, handled: Handled) -> Receive:
    async def hearing() -> Message:
        if handled.body_complete:  # then all there is to wait for is that the client leaves
            return _noted(await receive(), handled)
        asked = time.perf_counter()
        message = await receive()
        handled.waited_s += time.perf_counter() - asked
        return _noted(message, handled)

    return hearing


def _noted(message: Message, handled: Handled) -> Message:
    if message["type"] == "http.request":
        handled.bytes_in += len(message.get("body", b""))
        handled.body_complete = not message.get("more_body", False)
    elif handled.status is None:
        handled.status = CLIENT_GONE
    return message


def _told(send: Send, handled: Handled) -> Send:
    async def telling(message: Message) -> None:
        if message["type"] == "http.response.start":
            handled.until_answer_s = handled.elapsed_s()
            if handled.status is None:
                handled.status = message["status"]
            message["headers"] = _headers(message.get("headers", ()), handled)
            await send(message)
            return
        await send(message)
        handled.bytes_out += len(message.get("body", b""))
        handled.answered = not message.get("more_body", False)

    return telling


def _headers(headers: Iterable[tuple[bytes, bytes]], handled: Handled) -> list[tuple[bytes, bytes]]:
    total = b"total;dur=%.2f" % ((handled.until_answer_s or 0.0) * 1000)
    marked = [(b"x-request-id", handled.id.encode("ascii"))]
    for name, value in headers:
        if name == b"server-timing":
            total = value + b", " + total
        else:
            marked.append((name, value))
    marked.append((b"server-timing", total))
    return marked
