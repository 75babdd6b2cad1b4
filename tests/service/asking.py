"""The app, asked in the tests' own process. Its lifespan does not run: what is let through finds no catalogue."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from starlette.types import ASGIApp

from service.app import create_app
from service.settings import Settings


class Asking:
    def __init__(self, app: ASGIApp, address: str = "198.51.100.7") -> None:
        self._app = app
        self._address = address

    def from_address(self, address: str) -> "Asking":
        return Asking(self._app, address)

    def __call__(
        self,
        path: str,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        method: str = "GET",
        **more: Any,
    ) -> httpx.Response:
        return asyncio.run(self._answer(method, path, headers=headers, **more))

    async def _answer(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=(self._address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, path, **more)


def asking(**settings: Any) -> Asking:
    return Asking(create_app(Settings(**settings)))
