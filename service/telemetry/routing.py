"""What a request is counted under: the route's template, never the path, of which there are as many as clients like."""

from starlette.types import Scope

UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(method: str) -> str:
    return method if method in _METHODS else "other"


def route_of(scope: Scope) -> str:
    template = getattr(scope.get("route"), "path_format", None)
    if template is not None:
        return str(template)
    # Mounts leave no route behind, but move their own path from the path to the root path.
    root = scope.get("root_path", "")
    if mount := root.removeprefix(scope.get("app_root_path", root)):
        return f"{mount}/*"
    # A plain route without parameters has one path.
    return str(scope["path"]) if "endpoint" in scope and not scope.get("path_params") else UNMATCHED
