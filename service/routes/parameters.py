"""Parameters that several routes share."""

from typing import Annotated, Any

from fastapi import Form, Path, Query
from pydantic import Json, TypeAdapter, ValidationError

from service.errors import InvalidParameter

# Defaults are values and never null: Swagger UI fills a form with them, and a null with the word "string".
LOWEST_SCORE = -1.0

_LIMIT: dict[str, Any] = {"ge": 1, "le": 100, "description": "How many products at most."}
_MIN_SCORE: dict[str, Any] = {
    "ge": LOWEST_SCORE,
    "le": 1,
    "allow_inf_nan": False,
    "description": "Leave out what is less alike than this.",
}
_CATEGORY: dict[str, Any] = {
    "max_length": 1000,
    "description": "Search inside this category, such as `Apparel/Topwear`. Empty: the whole catalogue.",
}

LimitQuery = Annotated[int, Query(**_LIMIT)]
LimitForm = Annotated[int, Form(**_LIMIT)]
MinScoreQuery = Annotated[float, Query(**_MIN_SCORE)]
MinScoreForm = Annotated[float, Form(**_MIN_SCORE)]
CategoryQuery = Annotated[str, Query(**_CATEGORY)]
CategoryForm = Annotated[str, Form(**_CATEGORY)]
CursorQuery = Annotated[
    str,
    Query(
        pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$",
        description="Where this page begins: what the last answer gave as `cursor`. Empty: at the start.",
    ),
]
ProductId = Annotated[str, Path(description="The shop's own id. It may hold slashes.", examples=["10023"])]

_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(Json[dict[str, Any]])


def json_object(name: str, text: str) -> dict[str, Any]:
    """A form field that carries a JSON object; blank means empty."""
    if not text.strip():
        return {}
    try:
        return _OBJECT.validate_python(text)
    except ValidationError as error:
        raise InvalidParameter(name, f"This is no JSON object: {error.errors()[0]['msg']}.") from error
