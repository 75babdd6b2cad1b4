"""Who may ask what. A router names the class of its routes: ReadRoute, WriteRoute, or FastAPI's own for everybody."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, ClassVar, cast

from fastapi import Request, Response, Security
from fastapi.params import Depends
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from service.access.abandonment import AbandonableRoute
from service.access.doorkeeper import Doorkeeper
from service.access.keys import Role
from service.access.refusals import FormEncoded
from service.access.scopes import first_header
from service.routes.problems import problems

# Only for the documentation: by the time that dependencies are resolved, the body has been read.
_KEY = Security(
    HTTPBearer(
        scheme_name="key",
        bearerFormat="vz_...",
        description="A key that `vizinho keys new` made. One with the role `read` may search and look; one with the "
        "role `write` may change the catalogue as well. A service that was given no keys asks for none.",
        auto_error=False,
    )
)


class KeyedRoute(APIRoute):
    """Asks for the key, and counts, before anything of the body is read."""

    role: ClassVar[Role]

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        dependencies: Sequence[Depends] | None = None,
        responses: dict[int | str, dict[str, Any]] | None = None,
        methods: Collection[str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(
            path,
            endpoint,
            dependencies=[*(dependencies or ()), _KEY],
            responses=problems(401, 403, 429, *_slow(methods)) | (responses or {}),
            methods=None if methods is None else set(methods),
            **more,
        )

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def admitted(request: Request) -> Response:
            doorkeeper = cast("Doorkeeper", request.app.state.doorkeeper)
            request.state.caller = doorkeeper.admitted(request, self.role)
            if _is_urlencoded(request):
                raise FormEncoded
            return await handler(request)

        return admitted


class ReadRoute(KeyedRoute, AbandonableRoute):
    """For whoever may read. What its client no longer waits for is dropped."""

    role = "read"


class WriteRoute(KeyedRoute):
    """For whoever may write. A write is finished though its client has gone: nobody is helped by half of one."""

    role = "write"


def _is_urlencoded(request: Request) -> bool:
    """Nothing asks for one, and 30 MB of `&` would keep the event loop busy for seconds."""
    return (
        first_header(request.scope, b"content-type").lower().startswith(b"application/x-www-form-urlencoded")
    )


def _slow(methods: Collection[str] | None) -> tuple[int, ...]:
    return (408,) if {"POST", "PUT", "PATCH"} & set(methods or ()) else ()
