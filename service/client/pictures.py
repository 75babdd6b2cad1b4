"""A picture, however it is given: a file's path, its bytes, or the address where it lies."""

import base64
from pathlib import Path
from typing import TypeAlias

from service.client.steps import Steps, Upload, file_bytes

Picture: TypeAlias = str | Path | bytes


def is_address(picture: Picture) -> bool:
    return isinstance(picture, str) and picture.startswith(("http://", "https://"))


def uploaded(field: str, picture: Picture) -> Steps[Upload]:
    if isinstance(picture, bytes):
        return Upload(field, "image", picture)
    path = Path(picture)
    return Upload(field, path.name, (yield from file_bytes(path)))


def in_json(picture: Picture) -> Steps[dict[str, str]]:
    if is_address(picture):
        return {"image_url": str(picture)}
    data = picture if isinstance(picture, bytes) else (yield from file_bytes(Path(picture)))
    return {"image_base64": base64.b64encode(data).decode()}
