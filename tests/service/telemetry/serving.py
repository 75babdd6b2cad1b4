"""A small app with the real telemetry around it, and with the real problem documents."""

import asyncio
import time

import httpx
from fastapi import FastAPI, Request
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from embedder import Overloaded
from service import errors
from service.store.errors import StoreTimedOut
from service.telemetry.access import AccessLines, AccessLog
from service.telemetry.handled import observe_stages
from service.telemetry.metrics import Metrics
from service.telemetry.middleware import Telemetry


class _App(FastAPI):
    def __init__(self, metrics: Metrics, access: AccessLog) -> None:
        super().__init__()
        self._measures = metrics
        self._access = access

    def build_middleware_stack(self) -> ASGIApp:
        return Telemetry(super().build_middleware_stack(), self._measures, self._access)


class Served:
    def __init__(self, lines: AccessLines = "notable") -> None:
        self.metrics = Metrics()
        self.app = app = _App(self.metrics, AccessLog(lines))
        errors.install(app)
        app.mount("/web", StaticFiles(directory="service/web"))

        @app.get("/products/{product_id:path}")
        async def product(product_id: str) -> str:
            return product_id

        @app.post("/sizes")
        async def size(request: Request) -> int:
            return len(await request.body())

        @app.get("/search")
        async def search() -> str:
            observe_stages({"decode": 0.002, "embed": 0.02, "search": 0.2})
            return "found"

        @app.get("/slow")
        async def slow() -> None:
            time.sleep(1.05)  # noqa: ASYNC251 - nobody else is there

        @app.get("/full")
        async def full() -> None:
            raise Overloaded(1.0)

        @app.get("/away")
        async def away() -> None:
            raise StoreTimedOut("nobody there")

        @app.get("/broken")
        async def broken() -> None:
            raise RuntimeError("secret text\n2026-01-01 ERROR forged")

    def ask(self, path: str, method: str = "GET", **more: object) -> httpx.Response:
        return asyncio.run(self._asked(method, path, **more))

    async def _asked(self, method: str, path: str, **more: object) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return await client.request(method, path, **more)  # type: ignore[arg-type]

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(f"vizinho_{name}", labels) or 0.0

    def label_values(self, name: str, label: str) -> set[str]:
        return {
            sample.labels[label]
            for family in self.metrics.registry.collect()
            for sample in family.samples
            if sample.name == f"vizinho_{name}"
        }
