"""Every refusal as an RFC 9457 problem document with a stable `code`.

The trees are drawn where the errors are raised: embedder/errors.py, catalog/errors.py, store/errors.py.
What belongs to HTTP alone is here.
"""

import logging
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from embedder import DeviceError, EmbedderClosed, EmbedderError, ImageError, Overloaded
from service.catalog.errors import (
    CatalogError,
    InvalidFilter,
    InvalidProduct,
    InvalidSource,
    NotCalibrated,
    NotFound,
    StillCounting,
    UnknownCategory,
)
from service.catalog.fetching.errors import AddressRefused, ImageNotFetched
from service.catalog.imports.errors import ImportsAway, ImportsFull
from service.catalog.sent import InvalidBase64
from service.documentation.codes import CODES
from service.methods import allowed_methods
from service.store.errors import InvalidQuery, StoreError, StoreFrozen, StoreFull, StoreRefused
from service.telemetry.handled import observe_problem, request_id

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
    (StillCounting, 503, None),
    (NotCalibrated, 409, None),
    (InvalidProduct, 422, None),
    (InvalidSource, 422, None),
    (ImportsFull, 503, None),
    (ImportsAway, 503, None),
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
_STATUS_BY_CODE = {"product_exists": 412, "image_too_large": 413, "image_format_unsupported": 415}
_CODES: dict[type[Exception], str] = {
    Overloaded: "overloaded",
    EmbedderClosed: "stopping",
    DeviceError: "device_error",
}
_RETRY_AFTER_S = 2
_MOST_TOLD = 20
_LONGEST_NAME = 100
_LONGEST_SENTENCE = 1_000
_MEDIA_TYPE = "application/problem+json"


class InvalidParameter(HTTPException):
    code = "invalid_request"

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(422, f"{name}: {sentence}")


def document(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    if (handled := request_id()) is not None:
        more["request_id"] = handled
    return {
        "type": f"urn:vizinho:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    return _answer(document(status, code, detail, **more), headers)


def _answer(body: dict[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    observe_problem(body["code"])
    return JSONResponse(body, body["status"], headers=headers, media_type=_MEDIA_TYPE)


def install(app: FastAPI) -> None:
    for error in (EmbedderError, CatalogError, StoreError):
        app.add_exception_handler(error, _own)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)


def problem_of(error: Exception) -> dict[str, Any]:
    """The document that answers this error, and nothing that is meant for the log."""
    kind, status, text = next(answer for answer in _ANSWERS if isinstance(error, answer[0]))
    code = str(getattr(error, "code", _CODES.get(kind, "internal_error")))
    more = {"suggestions": error.suggestions} if isinstance(error, UnknownCategory) else {}
    return document(_STATUS_BY_CODE.get(code, status), code, text or str(error), **more, **_field(error))


def _field(error: Exception) -> dict[str, Any]:
    """Of what a client sent of a product, the part that cannot be kept: in the form in which validation tells it."""
    where = getattr(error, "where", ())
    return {"errors": [{"where": ["body", *where], "what": str(error)}]} if where else {}


async def _own(request: Request, error: Exception) -> JSONResponse:
    body = problem_of(error)
    if body["status"] >= 500 and not isinstance(
        error, Overloaded
    ):  # a log line for each would be a second overload
        log.warning("%s %s: %s: %s", request.method, request.url.path, body["code"], error)
    headers = {"Retry-After": str(_retry_after_s(error))} if body["status"] == 503 else None
    return _answer(body, headers)


def _retry_after_s(error: Exception) -> int:
    return max(1, math.ceil(error.retry_after_s)) if isinstance(error, Overloaded) else _RETRY_AFTER_S


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    code = str(getattr(error, "code", HTTPStatus(error.status_code).name.lower()))
    if isinstance(error.__cause__, OSError):
        return _not_kept(request, error.__cause__)
    headers = dict(error.headers or {})
    if error.status_code == 405 and (methods := allowed_methods(request.app, request.url.path)):
        headers["Allow"] = ", ".join(methods)
    said_nothing = error.detail == HTTPStatus(error.status_code).phrase
    detail = CODES[code][1] if said_nothing and code in CODES else str(error.detail)
    return problem(error.status_code, code, detail, headers=headers)


def _not_kept(request: Request, error: OSError) -> JSONResponse:
    """FastAPI takes whatever goes wrong while a body is read for a mistake of the client."""
    log.error("%s %s: the upload could not be kept: %s", request.method, request.url.path, error)
    return problem(507, "upload_not_kept", CODES["upload_not_kept"][1])


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    return _answer(invalid(error.errors()))


def invalid(found: Sequence[Any]) -> dict[str, Any]:
    """Of what validation found wrong, the first: whoever sends a thousand mistakes needs no list of them."""
    errors = [
        {"where": [_short(part) for part in e["loc"]], "what": _short(e["msg"], _LONGEST_SENTENCE)}
        for e in found[:_MOST_TOLD]
    ]
    detail = "; ".join(f"{'.'.join(str(part) for part in e['where'][1:])}: {e['what']}" for e in errors)
    return document(422, "invalid_request", detail, errors=jsonable_encoder(errors))


def _short(said: Any, longest: int = _LONGEST_NAME) -> Any:
    """A field may have a name of megabytes, and would come back in each of its mistakes."""
    return f"{said[:longest]}..." if isinstance(said, str) and len(said) > longest else said


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(problem_of(error))
