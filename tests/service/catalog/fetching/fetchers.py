"""Fetchers for tests: impatient, and with names that are known here only."""

import ipaddress
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.catalog.fetching.addresses import Address, is_public
from service.catalog.fetching.connecting import GuardedBackend
from service.catalog.fetching.limits import FetchLimits

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, and so is made in no time."""


def limits(**changes: Any) -> FetchLimits:
    wanted = {"max_bytes": 100_000, "timeout_s": 5.0, "connect_timeout_s": 1.0, "allow_private": True}
    return FetchLimits(**wanted | changes)


class Names:
    """A resolver that gives each name's answers one after the other, the last one for good."""

    def __init__(self, answers: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._answers = {name: list(turns) for name, turns in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, name: str) -> Sequence[Address]:
        self.asked.append(name)
        turns = self._answers[name]
        return [ipaddress.ip_address(text) for text in (turns.pop(0) if len(turns) > 1 else turns[0])]


def as_if_public(*addresses: str) -> Callable[[Address], bool]:
    """The rule, but for these: loopback is all that a test can connect to."""
    return lambda address: str(address) in addresses or is_public(address)


def guarded(names: Names, *public: str) -> GuardedBackend:
    return GuardedBackend(names, as_if_public(*public))
