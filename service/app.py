"""Wiring only: the lifespan builds the State, the routers answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any, TypedDict

from fastapi import FastAPI
from starlette.types import ASGIApp

from service import errors
from service.access.body_limit import BodyLimit
from service.access.body_sizes import larger_bodies
from service.access.browsers import BrowserGuard
from service.access.cors import Cors
from service.access.doorkeeper import Doorkeeper
from service.access.headers import SafeHeaders
from service.access.json_limit import JsonLimit
from service.documentation.openapi import DescribedApp
from service.routes import (
    catalogue,
    duplicates,
    explain,
    fashion,
    flaws,
    health,
    imports,
    media,
    metrics,
    misfits,
    pages,
    products,
    search,
    stats,
    unlike,
)
from service.settings import Settings
from service.state import State, open_state
from service.telemetry.access import AccessLog
from service.telemetry.metrics import Metrics
from service.telemetry.middleware import Telemetry

# Search before products: /v1/products/{id}/similar must not be read as a product called "{id}/similar".
_ROUTERS = (
    search.uploading,
    search.asking,
    search.comparing,
    products.reading,
    products.writing,
    products.bringing,
    catalogue.router,
    stats.router,
    duplicates.router,
    misfits.router,
    unlike.router,
    flaws.router,
    explain.router,
    explain.bringing,
    imports.reading,
    imports.writing,
    imports.uploading,
    fashion.router,
    media.router,
    health.router,
    metrics.router,
    pages.router,
)

_MANNERS: dict[str, Any] = {
    "redirect_slashes": False,  # to whatever host the request named
    "form_limits": {"max_fields": 50},  # each may be a megabyte, and stays in memory
}


class _App(DescribedApp):
    def __init__(
        self, measures: Metrics, access: AccessLog, origins: tuple[str, ...] | None, **more: Any
    ) -> None:
        super().__init__(**more)
        self._origins = origins
        self._measures = measures
        self._access = access

    def build_middleware_stack(self) -> ASGIApp:
        """No middleware that is added stands around the one that answers for uncaught exceptions."""
        stack = super().build_middleware_stack()
        browsers = Cors(stack, self._origins) if self._origins else stack
        return Telemetry(SafeHeaders(browsers), self._measures, self._access)


class _Lifespan(TypedDict):
    vizinho: State


def create_app(settings: Settings, state: State | None = None) -> FastAPI:
    """With a state, the caller opened it and closes it; without, the app's own lifespan does."""

    measures = state.scrape.metrics if state else Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[_Lifespan]:
        async with (
            nullcontext(state) if state else open_state(settings, metrics=measures) as opened,
            opened.imports.at_work(opened.stopping),
            opened.calibrations.at_work(),
        ):
            yield {"vizinho": opened}

    app = _App(measures, AccessLog(settings.access_log), settings.cors_origins, lifespan=lifespan, **_MANNERS)
    app.state.doorkeeper = Doorkeeper(settings)
    _guard(app, settings)
    errors.install(app)
    for router in _ROUTERS:
        app.include_router(router)
    pages.mount_assets(app)
    return app


def _guard(app: FastAPI, settings: Settings) -> None:
    """The last one stands outermost."""
    app.add_middleware(JsonLimit)
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        timeout_s=settings.upload_timeout_s,
        larger=larger_bodies(settings),
    )
    if settings.api_keys is None:  # a key is nothing that a browser would send by itself
        app.add_middleware(
            BrowserGuard, hosts=settings.allowed_hosts or (), origins=settings.cors_origins or ()
        )
