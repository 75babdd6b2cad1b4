"""A cap on request bodies, held while they are read: Content-Length can lie, and chunked bodies have none."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BodyTooLarge, problem


class BodyLimit:
    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            refusal = BodyTooLarge(self._max_bytes)
            await problem(refusal.status_code, refusal.code, refusal.detail)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, self._max_bytes), send)


def _counted(receive: Receive, max_bytes: int) -> Receive:
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > max_bytes:
            raise BodyTooLarge(max_bytes)
        return message

    return counting
