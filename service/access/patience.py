"""How long a body is waited for."""

import asyncio

from starlette.types import Message, Receive

from service.access.refusals import UploadTooSlow

_SLOWEST_BYTES_A_SECOND = 16_000  # of a phone where it hardly has a net
_LONGEST_SILENCE_S = 10.0


class Patience:
    """A store of seconds, which waiting uses up, and what comes fills again, but never above what there was.

    So a thin line is waited for as long as it brings something; and who has sent much at once, and holds the rest back,
    has won no time by it. Only waiting counts: a service that is slow itself blames nobody.
    """

    def __init__(self, most_s: float) -> None:
        self._most_s = most_s
        self._left_s = most_s

    async def message(self, receive: Receive) -> Message:
        now = asyncio.get_running_loop().time
        asked = now()
        try:
            async with asyncio.timeout(min(self._left_s, _LONGEST_SILENCE_S)):
                message = await receive()
        except TimeoutError:
            raise UploadTooSlow from None
        won_s = len(message.get("body", b"")) / _SLOWEST_BYTES_A_SECOND
        self._left_s = min(self._most_s, self._left_s - (now() - asked) + won_s)
        return message
