"""A client that hung up is worked for no longer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message, Receive

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_HUNG_UP = 499  # read by nobody but the log, where nginx has made it known


class AbandonableRoute(APIRoute):
    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def until_abandoned(request: Request) -> Response:
            return await _until_abandoned(handler, request)

        return until_abandoned


async def _until_abandoned(handler: Handler, request: Request) -> Response:
    """One listener at a time: while there may be a body it is the handler, and from then on the one here."""
    body_read = asyncio.Event()
    if request.method in {"GET", "HEAD"}:
        body_read.set()

    async def receive() -> Message:
        message = await request.receive()
        if not message.get("more_body", False):
            body_read.set()
        return message

    working = asyncio.create_task(handler(Request(request.scope, receive)))
    listening = asyncio.create_task(_hung_up(request.receive, body_read))
    try:
        await asyncio.wait({working, listening}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            listening.result()  # raises what it was refused with: a body that is too large, and unasked for
            working.cancel()
            await asyncio.wait({working})
        return Response(status_code=_HUNG_UP) if working.cancelled() else working.result()
    finally:
        listening.cancel()
        working.cancel()


async def _hung_up(receive: Receive, body_read: asyncio.Event) -> None:
    await body_read.wait()
    while (await receive())["type"] != "http.disconnect":
        pass
