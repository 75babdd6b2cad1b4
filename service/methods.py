"""What may be done with an address: a router that meets a wrong method knows only the first route that it tried."""

from starlette.applications import Starlette
from starlette.routing import Match, Mount
from starlette.types import Scope

_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def allowed_methods(app: Starlette, path: str) -> list[str]:
    """Of mounted files none are told: they tell it themselves."""
    routes = [route for route in app.routes if not isinstance(route, Mount)]

    def takes(method: str) -> bool:
        asked: Scope = {"type": "http", "path": path, "root_path": "", "method": method, "headers": []}
        return any(route.matches(asked)[0] is Match.FULL for route in routes)

    return [method for method in _METHODS if takes(method)]
