"""Connections that wait for their clients. There are only so many: those who have waited longest make room."""

import asyncio
from typing import Protocol


class _Connection(Protocol):
    transport: asyncio.Transport


class Waiting:
    def __init__(self, most: int) -> None:
        self.most = most
        self._longest_first: dict[_Connection, None] = {}

    def note(self, connection: _Connection) -> None:
        """From now on: one that was there already has just brought something."""
        self._longest_first.pop(connection, None)
        self._longest_first[connection] = None
        if len(self._longest_first) > self.most:
            self.drop_longest()

    def forget(self, connection: _Connection) -> None:
        self._longest_first.pop(connection, None)

    def drop_longest(self) -> bool:
        longest = next(iter(self._longest_first), None)
        if longest is None:
            return False
        del self._longest_first[longest]
        longest.transport.abort()
        return True
