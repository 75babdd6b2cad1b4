"""Routes whose requests bring images."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.security import ReadRoute, WriteRoute
from service.state import State


class _Admitted(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def admitted(request: Request) -> Response:
            with cast("State", request.state.vizinho).admission.room():
                return await handler(request)

        return admitted


class ReadImageRoute(ReadRoute, _Admitted):
    """For whoever may read, while there is room."""


class WriteImageRoute(WriteRoute, _Admitted):
    """For whoever may write, while there is room."""
