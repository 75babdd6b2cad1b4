"""A cap on how much a JSON body holds, counted while it is read: 32 MB of `[],[],[],` are a gigabyte of objects."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.refusals import TooManyValues
from service.access.scopes import first_header

# A batch of products with a thousand each holds less. Base64 has none of these marks.
_MOST_VALUES = 100_000
_MARKS = (b",", b"[", b"{")


class JsonLimit:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and b"json" in first_header(scope, b"content-type").lower():
            receive = _counted(receive)
        await self._app(scope, receive, send)


def _counted(receive: Receive) -> Receive:
    values = 0

    async def counting() -> Message:
        nonlocal values
        message = await receive()
        body = message.get("body", b"")
        values += sum(body.count(mark) for mark in _MARKS)
        if values > _MOST_VALUES:
            raise TooManyValues(_MOST_VALUES)
        return message

    return counting
