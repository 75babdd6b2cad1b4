"""The page and the documentation, without a byte from anywhere else and without a script inside a page."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)

_WEB = Path(__file__).parents[1] / "web"
_POLICY = "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
# ReDoc searches in a worker, and adds two style elements: one that is empty, filled by script afterwards, and one of
# scrollbars, which looks the same without it. These are their hashes.
_REDOC_POLICY = (
    f"{_POLICY}; worker-src blob:; style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
)


def mount_assets(app: FastAPI) -> None:
    app.mount("/web", StaticFiles(directory=_WEB), name="web")
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")]), name="docs-assets")


def _page(name: str, policy: str = _POLICY) -> FileResponse:
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    return FileResponse(_WEB / name, headers=headers)


@router.get("/")
async def page() -> FileResponse:
    return _page("index.html")


@router.get("/docs")
async def swagger() -> FileResponse:
    return _page("docs.html")


@router.get("/redoc")
async def redoc() -> FileResponse:
    return _page("redoc.html", _REDOC_POLICY)
