"""Caps on request bodies, held while they are read: Content-Length can lie, and chunked bodies have none."""

import asyncio
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.refusals import UploadTooSlow
from service.errors import BodyTooLarge, problem

_SLOWEST_BYTES_A_SECOND = 64_000


class BodyLimit:
    """Of bytes; and of seconds, with one more for every 64 kB that have come, so that a thin line is waited for."""

    def __init__(
        self, app: ASGIApp, max_bytes: int, timeout_s: float, larger: Mapping[str, int] | None = None
    ) -> None:
        """`larger` holds the paths whose bodies may be larger, and how large."""
        self._app = app
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        max_bytes = self._larger.get(scope["path"], self._max_bytes)
        if announced.isdigit() and int(announced) > max_bytes:
            refusal = BodyTooLarge(max_bytes)
            await problem(refusal.status_code, refusal.code, refusal.detail)(scope, receive, send)
            return
        await self._app(scope, self._limited(receive, max_bytes), send)

    def _limited(self, receive: Receive, max_bytes: int) -> Receive:
        taken, started, complete = 0, asyncio.get_running_loop().time(), False

        async def limited() -> Message:
            nonlocal taken, complete
            if complete:  # what comes now is the client's leaving, which may take as long as it likes
                return await receive()
            try:
                async with asyncio.timeout_at(started + self._timeout_s + taken / _SLOWEST_BYTES_A_SECOND):
                    message = await receive()
            except TimeoutError:
                raise UploadTooSlow from None
            taken += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if taken > max_bytes:
                raise BodyTooLarge(max_bytes)
            return message

        return limited
