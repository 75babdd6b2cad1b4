"""A store whose calls are timed, and whose failures are counted by their code."""

import inspect
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar, cast

from service.store.base import VectorStore
from service.store.errors import StoreError
from service.telemetry.metrics import Metrics

T = TypeVar("T")

_OPERATIONS = frozenset(
    name for name, value in vars(VectorStore).items() if inspect.iscoroutinefunction(value)
)


def measured(store: VectorStore, metrics: Metrics) -> VectorStore:
    return cast("VectorStore", _Measured(store, metrics))


class _Measured:
    """The contract is written once, in base.py: whatever it is asked, it asks the store."""

    def __init__(self, store: VectorStore, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._store, name)
        return partial(self._timed, name, value) if name in _OPERATIONS else value

    async def _timed(self, operation: str, ask: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        started = time.perf_counter()
        try:
            return await ask(*args, **kwargs)
        except StoreError as error:
            self._metrics.store_error(error.code)
            raise
        finally:
            self._metrics.store_call(operation, time.perf_counter() - started)
