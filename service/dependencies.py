"""What handlers ask for, by name. Async, because FastAPI sends a plain function through its thread pool."""

from typing import Annotated, cast

from fastapi import Depends, Request

from service.catalog.catalog import Catalog
from service.state import State


async def _state(request: Request) -> State:
    return cast("State", request.state.vizinho)


async def _catalog(request: Request) -> Catalog:
    return (await _state(request)).catalog


StateDep = Annotated[State, Depends(_state)]
CatalogDep = Annotated[Catalog, Depends(_catalog)]
