"""Wiring only: the lifespan builds the State, the routers answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import TypedDict

from fastapi import FastAPI

from service import __version__, errors
from service.body_limit import BodyLimit
from service.routes import catalogue, fashion, health, media, pages, products, search
from service.settings import Settings
from service.state import State, open_state

_DESCRIPTION = """
What looks like this, inside this category?

Send an image to **/v1/search/upload** and get the products that look like it. Errors are
[RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem documents whose `code` never changes.
"""


class _Lifespan(TypedDict):
    vizinho: State


def create_app(settings: Settings, state: State | None = None) -> FastAPI:
    """With a state, the caller opened it and closes it; without, the app's own lifespan does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[_Lifespan]:
        async with nullcontext(state) if state else open_state(settings) as opened:
            yield {"vizinho": opened}

    app = FastAPI(
        title="Vizinho",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    errors.install(app)
    # Search before products: /v1/products/{id}/similar must not be read as a product called "{id}/similar".
    for routes in (search, products, catalogue, fashion, media, health, pages):
        app.include_router(routes.router)
    pages.mount_assets(app)
    return app
