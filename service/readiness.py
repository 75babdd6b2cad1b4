"""Whether a request may be sent here, and if not, why not."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TypeAlias

from PIL import Image

from embedder import DeviceError, Embedder, EmbedderClosed, MicroBatcher, Overloaded
from service.catalog.catalog import Catalog
from service.inquiry import Inquiry
from service.store.errors import StoreError

log = logging.getLogger(__name__)

Checks: TypeAlias = Mapping[str, str | None]
"""Each with the code of what is wrong, or None."""

_WITHIN_S = 1.5
_HUNG_S = 30.0


class Readiness:
    def __init__(
        self, catalog: Catalog, embedder: Embedder, batcher: MicroBatcher, stopping: asyncio.Event
    ) -> None:
        self._embedder = embedder
        self._batcher = batcher
        self._stopping = stopping
        self._store = Inquiry(catalog.check)
        self._pass = Inquiry(self._embed_something)
        self._known: Checks = {}

    async def checks(self) -> Checks:
        store, embedder = await asyncio.gather(self._check_store(), self._check_embedder())
        checks = {"store": store, "embedder": embedder, "stopping": self._check_stopping()}
        self._tell(checks)
        return checks

    async def _check_store(self) -> str | None:
        try:
            await self._store.answer(_WITHIN_S)
        except StoreError as error:
            return error.code
        except TimeoutError:
            return "store_timed_out"
        return None

    async def _check_embedder(self) -> str | None:
        """Tried out only after it failed: without a request nothing else would show that it works again."""
        if self._batcher.silent_s >= _HUNG_S:
            return "device_error"
        if not self._batcher.failing:
            return None
        try:
            await self._pass.answer(_WITHIN_S)
        except Overloaded:
            return None
        except EmbedderClosed:
            return "stopping"
        except (DeviceError, TimeoutError):
            return "device_error"
        return None

    def _check_stopping(self) -> str | None:
        return "stopping" if self._stopping.is_set() else None

    async def _embed_something(self) -> None:
        await self._batcher.embed(lambda: self._embedder.prepare(Image.new("RGB", (1, 1))))

    def _tell(self, checks: Checks) -> None:
        """Once for each change, however often it is asked."""
        for name, code in checks.items():
            if code != self._known.get(name):
                log.log(logging.WARNING if code else logging.INFO, "ready: %s is %s", name, code or "ok")
        self._known = checks
