from starlette.types import Scope


def first_header(scope: Scope, name: bytes) -> bytes:
    """Of several the one that FastAPI and Starlette go by: what limits a body must not go by another."""
    for known, value in scope["headers"]:
        if known == name:
            return bytes(value)
    return b""
