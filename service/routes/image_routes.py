"""Routes whose requests bring images, or may."""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.access.doorkeeper import party_of
from service.security import ReadRoute, WriteRoute
from service.state import State


class _Admitted(APIRoute):
    for_device: ClassVar[bool] = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def admitted(request: Request) -> Response:
            admission = cast("State", request.state.vizinho).admission
            with admission.room(party_of(request), for_device=self.for_device):
                return await handler(request)

        return admitted


class ReadImageRoute(ReadRoute, _Admitted):
    """For whoever may read, while there is room."""


class ReadExampleRoute(ReadImageRoute):
    """The same where an example may be a product as well, which costs the device nothing."""

    for_device = False


class WriteImageRoute(WriteRoute, _Admitted):
    """For whoever may write, while there is room."""
