"""What /metrics shows: what was counted as it happened, and how things are just now."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from embedder import Embedder, MicroBatcher
from service import __version__
from service.catalog.catalog import Catalog
from service.catalog.imports.imports import Imports
from service.catalog.imports.job import State as ImportState
from service.inquiry import Inquiry
from service.readiness import Checks, Readiness
from service.store.errors import StoreError
from service.telemetry.metrics import Metrics

_WITHIN_S = 1.5
_HOLDINGS = {"products": "Products in the catalogue.", "images": "Images in the catalogue."}


class Scrape:
    def __init__(
        self,
        metrics: Metrics,
        readiness: Readiness,
        embedder: Embedder,
        batcher: MicroBatcher,
        catalog: Catalog,
        imports: Imports,
    ) -> None:
        self.metrics = metrics
        self._readiness = readiness
        self._embedder = embedder
        self._batcher = batcher
        self._imports = imports
        self._holdings = Inquiry(lambda: _counted(catalog))

    async def exposition(self, accept: str) -> tuple[bytes, str]:
        """The text, and its media type: OpenMetrics for who asks for it."""
        encode, media_type = choose_encoder(accept)
        checks, holdings = await asyncio.gather(self._readiness.checks(), self._counts())
        everything = _Everything(self.metrics.registry, [*self._now(), _ready(checks), *_held(holdings)])
        return await asyncio.to_thread(encode, everything), media_type

    async def _counts(self) -> Mapping[str, int]:
        """Nothing where the store does not say: an old figure would look like a new one."""
        try:
            return await self._holdings.answer(_WITHIN_S)
        except (StoreError, TimeoutError):
            return {}

    def _now(self) -> Iterator[Metric]:
        embedder, weights = self._embedder, self._embedder.weights
        yield InfoMetricFamily("vizinho_build", "This version.", {"version": __version__})
        yield InfoMetricFamily(
            "vizinho_embedder",
            "What makes the vectors.",
            {
                "backbone": embedder.config.backbone,
                "weights": weights.kind,
                "trained": str(weights.trained).lower(),
                "device": embedder.device,
                "precision": embedder.precision,
                "runtime": embedder.runtime,
                "fingerprint": embedder.fingerprint,
            },
        )
        yield _gauge(
            "vizinho_queue_depth", "Images that wait or are being embedded.", self._batcher.queue_depth
        )
        yield _gauge("vizinho_queue_size", "Images that may wait.", self._batcher.queue_size)
        states = Counter(job.state for job in self._imports.newest_first())
        imports = {state: states[state] for state in get_args(ImportState)}
        yield _gauges("vizinho_imports", "Imports that are remembered.", "state", imports)


class _Everything(Collector):
    def __init__(self, counted: Collector, now: Iterable[Metric]) -> None:
        self._counted = counted
        self._now = now

    def collect(self) -> Iterable[Metric]:
        yield from self._counted.collect()
        yield from self._now


async def _counted(catalog: Catalog) -> Mapping[str, int]:
    return {"products": await catalog.count_products(), "images": await catalog.count_images()}


def _ready(checks: Checks) -> Metric:
    found = {name: int(code is None) for name, code in checks.items()}
    return _gauges("vizinho_ready", "1 where /readyz finds nothing wrong.", "check", found)


def _held(holdings: Mapping[str, int]) -> Iterator[Metric]:
    for what, count in holdings.items():
        yield _gauge(f"vizinho_catalog_{what}", _HOLDINGS[what], count)


def _gauge(name: str, text: str, value: int) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _gauges(name: str, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for of, value in values.items():
        family.add_metric([of], value)
    return family
