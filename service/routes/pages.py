"""The page and the documentation, without a byte from anywhere else and without a script inside a page."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute
from starlette.staticfiles import StaticFiles

from service.access.headers import POLICY


class _PageRoute(APIRoute):
    """For HEAD as well, which FastAPI leaves out."""

    def __init__(self, *args: Any, methods: Collection[str] | None = None, **more: Any) -> None:
        super().__init__(*args, methods={*(methods or {"GET"}), "HEAD"}, **more)


router = APIRouter(include_in_schema=False, route_class=_PageRoute)

_WEB = Path(__file__).parents[1] / "web"
# ReDoc searches in a worker, and adds two style elements: one that is empty, filled by script afterwards, and one of
# scrollbars, which looks the same without it. These are their hashes.
_REDOC_POLICY = (
    f"{POLICY}; worker-src blob:; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
)


def mount_assets(app: FastAPI) -> None:
    app.mount("/web", StaticFiles(directory=_WEB), name="web")
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")]), name="docs-assets")


def _page(name: str, policy: str = POLICY) -> FileResponse:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    return FileResponse(_WEB / name, headers=headers)


@router.get("/")
@router.get("/catalogue")
@router.get("/product")
@router.get("/import")
@router.get("/insights")
async def page() -> FileResponse:
    """One shell: the address chooses the view, in service/web/router.js."""
    return _page("index.html")


@router.get("/docs")
async def swagger() -> FileResponse:
    return _page("docs.html")


@router.get("/redoc")
async def redoc() -> FileResponse:
    return _page("redoc.html", _REDOC_POLICY)
