"""The document that describes the API: what FastAPI knows of the routes, completed by what is true of all of them."""

from typing import Any

from fastapi import FastAPI

from service.catalog.image_types import IMAGE_TYPES
from service.documentation.about import ABOUT
from service.documentation.examples import restore_nulls
from service.routes.problems import problems
from service.schemas.catalogue import ProblemOut

_HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "By which the log's lines about this request are found. Yours, if you sent one.",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    },
    "Server-Timing": {
        "description": "How long each stage took, in milliseconds.",
        "required": True,
        "schema": {"type": "string"},
        "example": "decode;dur=2.10, embed;dur=21.40, search;dur=1.60, total;dur=25.90",
    },
    "Retry-After": {
        "description": "Seconds to wait before asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "How to say who you are.",
        "required": True,
        "schema": {"type": "string"},
        "example": "Bearer",
    },
}
_PICTURES = ", ".join(IMAGE_TYPES)
_FILES = {"image": _PICTURES, "images": _PICTURES, "file": "application/zip, text/csv, application/jsonl"}
_SENT_WITH = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}


class DescribedApp(FastAPI):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**ABOUT, **settings)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            _complete(super().openapi())  # which FastAPI keeps, and gives again
        return super().openapi()


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["ProblemOut"] = ProblemOut.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    restore_nulls(schemas)
    components["headers"] = _HEADERS
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"] = _completed(operation)
            form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
            if form is not None:
                _tell_of_files(form, schemas)


def _completed(operation: dict[str, Any]) -> dict[str, Any]:
    """FastAPI documents a 422 of its own making wherever a route does not, and no body that cannot be parsed."""
    answers = operation["responses"]
    common = problems(400, 413) if "requestBody" in operation else {}
    if "application/json" in answers.get("422", {}).get("content", {}):
        common |= problems(422)
        del answers["422"]
    answers = {str(status): answer for status, answer in common.items()} | answers
    for status, answer in answers.items():
        own = answer.get("headers", {})
        answer["headers"] = own | {
            name: {"$ref": f"#/components/headers/{name}"} for name in _sent_with(status)
        }
    return dict(sorted(answers.items()))


def _sent_with(status: str) -> list[str]:
    if status < "400":
        return ["X-Request-ID", "Server-Timing"]
    return ["X-Request-ID", *_SENT_WITH.get(status, ())]


def _tell_of_files(form: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Beside what is a file, what it may be."""
    schema = form["schema"]
    fields = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    form["encoding"] = {
        name: {"contentType": types} for name, types in _FILES.items() if name in fields["properties"]
    }
