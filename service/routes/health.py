from fastapi import APIRouter

from service.dependencies import CatalogDep
from service.routes.problems import problems
from service.schemas.catalogue import HealthOut

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="healthz", summary="Is the process alive?")
async def healthz() -> HealthOut:
    return HealthOut(status="ok")


@router.get("/readyz", operation_id="readyz", summary="Can it answer a search?", responses=problems(503))
async def readyz(catalog: CatalogDep) -> HealthOut:
    await catalog.check()  # the embedder is loaded before the first request; the store may have gone since
    return HealthOut(status="ready")
