"""The refusals that routes document."""

from typing import Any

from service.documentation.codes import first_code
from service.errors import document

_TEXTS = {
    400: "The body cannot be parsed.",
    401: "No key came with the request, or one that is not known.",
    403: "The key may not do this, or a web page of another site asks for it.",
    404: "There is no such product, category or image.",
    408: "The request came too slowly.",
    409: "The catalogue is too small or too new for what is asked: `code` says for what.",
    412: "There is a product with this id already.",
    413: "The request or an image in it is too large.",
    415: "The image, or the body, is of a format that is not taken.",
    422: "Something in the request cannot be used: `code` and `detail` say what.",
    429: "Too many requests with this key or from this address. Try again after `Retry-After` seconds.",
    503: "Too busy, or the store is away. Try again after `Retry-After` seconds.",
    507: "No room left to write.",
}
_SCHEMA = {"$ref": "#/components/schemas/ProblemOut"}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": _TEXTS[status], "content": _content(status)} for status in statuses}


def _content(status: int) -> dict[str, Any]:
    example = document(status, *first_code(status))
    return {"application/problem+json": {"schema": _SCHEMA, "example": example}}
