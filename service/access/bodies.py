"""A request's body, held to its limits while it comes: Content-Length can lie, and chunked bodies have none."""

from starlette.types import Message, Receive

from service.access.patience import Patience
from service.access.refusals import BodiesFull, BodyTooLarge
from service.access.shares import Shares


class Body:
    def __init__(
        self, receive: Receive, max_bytes: int, patience: Patience, memory: Shares | None, who: str
    ) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._patience = patience
        self._memory = memory
        self._who = who
        self._taken = 0
        self._held = 0
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:  # what comes now is the client's leaving, which may take as long as it likes
            return await self._receive()
        message = await self._patience.message(self._receive)
        self._complete = not message.get("more_body", False)
        if came := len(message.get("body", b"")):
            self._take(came)
        return message

    def _take(self, bytes_: int) -> None:
        self._taken += bytes_
        if self._taken > self._max_bytes:
            raise BodyTooLarge(self._max_bytes)
        if self._memory is None:
            return
        if not self._memory.take(self._who, bytes_):
            raise BodiesFull
        self._held += bytes_

    def over(self) -> None:
        if self._memory is not None and self._held:
            self._memory.give_back(self._who, self._held)
            self._held = 0
