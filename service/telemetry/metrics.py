"""What is counted as it happens. A registry of its own for each, so that two services in a process do not meet."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from service.telemetry.handled import Handled
from service.telemetry.routing import method_of

# A series more for each, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call] # as it is published

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_IMAGES = (1, 2, 4, 8, 16, 32, 64)
_TURNED_AWAY = "overloaded"


class Metrics:
    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self.in_flight = Gauge(
            "vizinho_requests_in_flight", "Requests that are being answered.", registry=registry
        )
        self._requests = Counter(
            "vizinho_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "vizinho_request_seconds",
            "From a request's head to the beginning of its answer.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._stage_seconds = Histogram(
            "vizinho_stage_seconds", "Stages of a search.", ["stage"], buckets=_SECONDS, registry=registry
        )
        self._problems = Counter(
            "vizinho_problems", "Problem documents.", ["code", "status"], registry=registry
        )
        self._rejected = Counter(
            "vizinho_rejected", "Requests turned away because the queue was full.", registry=registry
        )
        self._batch_images = Histogram(
            "vizinho_batch_images", "Images of a forward pass.", buckets=_IMAGES, registry=registry
        )
        self._batch_seconds = Histogram(
            "vizinho_batch_seconds", "Time of a forward pass.", buckets=_SECONDS, registry=registry
        )
        self._store_seconds = Histogram(
            "vizinho_store_call_seconds",
            "Calls to the store.",
            ["operation"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._store_errors = Counter(
            "vizinho_store_errors", "Calls to the store that failed.", ["code"], registry=registry
        )

    def request(self, method: str, route: str, handled: Handled) -> None:
        method, status = method_of(method), str(handled.final_status())
        self._requests.labels(method, route, status).inc()
        until_answer_s = handled.elapsed_s() if handled.until_answer_s is None else handled.until_answer_s
        self._request_seconds.labels(method, route).observe(until_answer_s)
        if handled.code is not None:
            self._problem(handled.code, status)
        if handled.stages_s:
            self._stages(handled)

    def batch(self, images: int, seconds: float) -> None:
        self._batch_images.observe(images)
        self._batch_seconds.observe(seconds)

    def store_call(self, operation: str, seconds: float) -> None:
        self._store_seconds.labels(operation).observe(seconds)

    def store_error(self, code: str) -> None:
        self._store_errors.labels(code).inc()

    def _problem(self, code: str, status: str) -> None:
        self._problems.labels(code, status).inc()
        if code == _TURNED_AWAY:
            self._rejected.inc()

    def _stages(self, handled: Handled) -> None:
        for stage, seconds in handled.stages_s.items():
            self._stage_seconds.labels(stage).observe(seconds)
        overhead_s = max(0.0, handled.own_s() - sum(handled.stages_s.values()))
        self._stage_seconds.labels("overhead").observe(overhead_s)
