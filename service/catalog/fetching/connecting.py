"""The one way out: a name is resolved here, its addresses are checked, and one of these is connected to.

Nothing below is told the name, so nobody can resolve it a second time and get another answer. TLS is above, and
verifies by name.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Iterable, Sequence

import httpcore

from service.catalog.fetching.addresses import Address
from service.catalog.fetching.failures import Failed, Refused
from service.catalog.fetching.names import Resolve

_MOST_ADDRESSES = 4


class GuardedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, resolve: Resolve, may_connect: Callable[[Address], bool]) -> None:
        self._resolve = resolve
        self._may_connect = may_connect
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._checked(host)
        except TimeoutError as error:
            raise Failed(f"the name {host} was not resolved in time", passes=True) from error
        share_s = None if timeout is None else timeout / len(addresses)
        for address in addresses:
            try:
                return await self._sockets.connect_tcp(
                    str(address), port, share_s, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def _checked(self, host: str) -> Sequence[Address]:
        """All must pass: a name with one foot in a private network is meant to be used by those inside."""
        addresses = _literal(host) or await self._resolve(host)
        if not addresses:
            raise Failed(f"the name {host} has no address")
        for address in addresses:
            if not self._may_connect(address):
                told = host if str(address) == host else f"{host} is {address}, which"
                raise Refused(f"{told} is not a public address")
        return list(dict.fromkeys(addresses))[:_MOST_ADDRESSES]


def _literal(host: str) -> list[Address]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        return []
