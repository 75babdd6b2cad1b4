"""The page and the documentation, both without a byte from anywhere else."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)

_WEB = Path(__file__).parents[1] / "web"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def mount_assets(app: FastAPI) -> None:
    app.mount("/web", StaticFiles(directory=_WEB), name="web")
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")]), name="docs-assets")


@router.get("/")
async def page() -> FileResponse:
    return FileResponse(_WEB / "index.html", headers=_HEADERS)


@router.get("/docs")
async def swagger() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Vizinho API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/web/favicon.svg",
        swagger_ui_parameters={"displayRequestDuration": True, "tryItOutEnabled": True},
    )
