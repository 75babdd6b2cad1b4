"""The refusals that routes document."""

from typing import Any

from service.schemas.catalogue import ProblemOut

_TEXTS = {
    404: "There is no such product, category or image.",
    413: "The request or an image in it is too large.",
    415: "The image is of a format that is not taken.",
    422: "Something in the request cannot be used: `code` and `detail` say what.",
    503: "Too busy, or the store is away. Try again after `Retry-After` seconds.",
    507: "No room left to write.",
}
_SCHEMA = ProblemOut.model_json_schema()


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": _SCHEMA}}
    return {status: {"description": _TEXTS[status], "content": content} for status in statuses}
