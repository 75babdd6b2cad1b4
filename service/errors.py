"""Every refusal as an RFC 9457 problem document with a stable `code`.

The trees are drawn where the errors are raised: embedder/errors.py, catalog/errors.py, store/errors.py.
What belongs to HTTP alone is here.
"""

import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from embedder import DeviceError, EmbedderClosed, EmbedderError, ImageError, Overloaded
from service.catalog.errors import CatalogError, InvalidFilter, InvalidProduct, NotFound, UnknownCategory
from service.catalog.fetching.errors import AddressRefused, ImageNotFetched
from service.catalog.sent import InvalidBase64
from service.store.errors import InvalidQuery, StoreError, StoreFrozen, StoreFull, StoreRefused

log = logging.getLogger(__name__)

# The first line that fits an error answers it. A text stands where the error's own sentence is about this machine:
# that one goes to the log.
_AWAY = "The catalogue cannot be reached just now. Try again in a moment."
_DEVICE = "The image could not be embedded just now. Try again."
_REFUSED = "This address is not asked: images are fetched from public addresses alone."
_FULL = "There is no room left to write."
_WRONG = "Something went wrong here. It is in the log."
_ANSWERS: list[tuple[type[Exception], int, str | None]] = [
    (ImageError, 422, None),
    (Overloaded, 503, None),
    (EmbedderClosed, 503, "The service is stopping."),
    (DeviceError, 503, _DEVICE),
    (NotFound, 404, None),
    (InvalidProduct, 422, None),
    (InvalidFilter, 422, None),
    (InvalidQuery, 422, None),
    (InvalidBase64, 422, None),
    (AddressRefused, 422, _REFUSED),
    (ImageNotFetched, 422, None),
    (StoreFull, 507, _FULL),
    (StoreRefused, 500, _WRONG),
    (StoreFrozen, 503, None),
    (StoreError, 503, _AWAY),
    (Exception, 500, _WRONG),
]
_STATUS_BY_CODE = {"image_too_large": 413, "image_format_unsupported": 415}
_CODES: dict[type[Exception], str] = {
    Overloaded: "overloaded",
    EmbedderClosed: "stopping",
    DeviceError: "device_error",
}
_RETRY_AFTER_S = 2


class BodyTooLarge(HTTPException):
    """An HTTPException, because FastAPI lets nothing else through while it reads a body."""

    code = "body_too_large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(413, f"The request is larger than the {max_bytes:,} bytes this service takes.")


class InvalidParameter(HTTPException):
    code = "invalid_request"

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(422, f"{name}: {sentence}")


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    body = {
        "type": f"urn:vizinho:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    for error in (EmbedderError, CatalogError, StoreError):
        app.add_exception_handler(error, _own)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)


async def _own(request: Request, error: Exception) -> JSONResponse:
    kind, status, text = next(answer for answer in _ANSWERS if isinstance(error, answer[0]))
    code = str(getattr(error, "code", _CODES.get(kind, "internal_error")))
    status = _STATUS_BY_CODE.get(code, status)
    if status >= 500 and kind is not Overloaded:  # a log line for each would be a second overload
        log.warning("%s %s: %s: %s", request.method, request.url.path, code, error)
    headers = {"Retry-After": str(_retry_after_s(error))} if status == 503 else None
    more = {"suggestions": error.suggestions} if isinstance(error, UnknownCategory) else {}
    return problem(status, code, text or str(error), headers=headers, **more)


def _retry_after_s(error: Exception) -> int:
    return max(1, math.ceil(error.retry_after_s)) if isinstance(error, Overloaded) else _RETRY_AFTER_S


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    code = str(getattr(error, "code", HTTPStatus(error.status_code).name.lower()))
    return problem(error.status_code, code, str(error.detail), headers=error.headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    errors = [{"where": list(e["loc"]), "what": e["msg"]} for e in error.errors()]
    detail = "; ".join(f"{'.'.join(str(part) for part in e['where'][1:])}: {e['what']}" for e in errors)
    return problem(422, "invalid_request", detail, errors=jsonable_encoder(errors))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return await _own(request, error)
