"""What handlers ask for, by name. Async, because FastAPI sends a plain function through its thread pool."""

from typing import Annotated, cast

from fastapi import Depends, Request

from service.catalog.catalog import Catalog
from service.catalog.imports.imports import Imports
from service.state import State


async def _state(request: Request) -> State:
    return cast("State", request.state.vizinho)


async def _catalog(request: Request) -> Catalog:
    return (await _state(request)).catalog


async def _imports(request: Request) -> Imports:
    return (await _state(request)).imports


StateDep = Annotated[State, Depends(_state)]
CatalogDep = Annotated[Catalog, Depends(_catalog)]
ImportsDep = Annotated[Imports, Depends(_imports)]
