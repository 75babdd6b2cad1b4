"""Names to addresses, by the system's resolver, on threads of its own: one that hangs must not hold up other work."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from service.catalog.fetching.addresses import Address
from service.catalog.fetching.failures import Failed

Resolve: TypeAlias = Callable[[str], Awaitable[Sequence[Address]]]

_THREADS = 8


class Resolver:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def __call__(self, name: str) -> list[Address]:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, name)
        except (socket.gaierror, UnicodeError) as error:
            passes = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise Failed(f"the name {name} is not known", passes=passes) from error

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(name: str) -> list[Address]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(address[0]) for *_, address in found]
