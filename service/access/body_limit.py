"""Caps on request bodies: on each, and on what all that are in flight hold together."""

from collections.abc import Mapping

from starlette.datastructures import Address
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.bodies import Body
from service.access.doorkeeper import address_of
from service.access.patience import Patience
from service.access.refusals import BodyTooLarge
from service.access.scopes import first_header
from service.access.shares import Shares
from service.errors import problem

_LEAST_MEMORY_BYTES = 512_000_000
_LEAST_BODIES = 16


class BodyLimit:
    def __init__(
        self, app: ASGIApp, max_bytes: int, timeout_s: float, larger: Mapping[str, int] | None = None
    ) -> None:
        """`larger` holds the paths whose bodies may be larger, and how large. Those lie on the disk, not in memory."""
        self._app = app
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._larger = larger or {}
        memory_bytes = max(_LEAST_MEMORY_BYTES, _LEAST_BODIES * max_bytes)
        self._memory = Shares(memory_bytes, memory_bytes // 2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = first_header(scope, b"content-length")
        max_bytes = self._larger.get(scope["path"], self._max_bytes)
        if announced.isdigit() and int(announced) > max_bytes:
            refusal = BodyTooLarge(max_bytes)
            await problem(refusal.status_code, refusal.code, refusal.detail)(scope, receive, send)
            return
        body = self._body(scope, receive, max_bytes)
        try:
            await self._app(scope, body.receive, send)
        finally:
            body.over()

    def _body(self, scope: Scope, receive: Receive, max_bytes: int) -> Body:
        client = scope.get("client")
        who = address_of(Address(*client) if client else None)
        memory = None if scope["path"] in self._larger else self._memory
        return Body(receive, max_bytes, Patience(self._timeout_s), memory, who)
