"""A store that is away comes back: how long it is waited for, and when no longer."""

import asyncio
from dataclasses import dataclass

from embedder import DeviceError
from service.store.errors import StoreFrozen, StoreNotFound, StoreUnavailable

PASSING = (StoreUnavailable, StoreNotFound, DeviceError)
_UNTIL_RESTARTED = (StoreFrozen, StoreNotFound)
"""The catalogue has moved on to another model, and a service that is started with it goes on with the import."""


@dataclass(frozen=True, slots=True)
class Patience:
    first_s: float = 1.0
    longest_s: float = 30.0
    gives_up_s: float = 900.0


class Waiting:
    """One obstacle at a time: with every step forward it begins anew."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._pause_s = patience.first_s
        self._since: float | None = None

    def forget(self) -> None:
        self._pause_s = self._patience.first_s
        self._since = None

    async def out(self, error: Exception) -> None:
        """Raises the error when it has lasted for too long."""
        now = asyncio.get_running_loop().time()
        self._since = now if self._since is None else self._since
        if not isinstance(error, _UNTIL_RESTARTED) and now - self._since >= self._patience.gives_up_s:
            raise error
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(self._patience.longest_s, 2 * self._pause_s)
