"""Parameters that several routes share."""

from typing import Annotated, Any

from fastapi import File, Path, Query, UploadFile
from pydantic import Json, TypeAdapter, ValidationError

from service.errors import InvalidParameter

InsideQuery = Annotated[str, Query(max_length=1_000, description="Only inside it. Empty: all.")]
CursorQuery = Annotated[
    str,
    Query(
        pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$",
        description="Where this page begins: what the last answer gave as `cursor`. Empty: at the start.",
    ),
]
PictureFile = Annotated[UploadFile, File(description="A JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF.")]
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
