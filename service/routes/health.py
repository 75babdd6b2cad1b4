from fastapi import APIRouter, Response

from service.dependencies import StateDep
from service.errors import problem
from service.routes.problems import problems
from service.schemas.health import CheckOut, HealthOut, ReadyOut

router = APIRouter(tags=["health"])

_NOT_READY = "Not ready for requests: `checks` says why."


@router.head("/healthz", include_in_schema=False)
@router.get(
    "/healthz",
    operation_id="healthz",
    summary="Is the process alive?",
    description="Asks nothing of the store or the device: who gets no answer here restarts the service.",
)
async def healthz() -> HealthOut:
    return HealthOut(status="ok")


@router.head("/readyz", include_in_schema=False, response_model=ReadyOut, response_model_exclude_none=True)
@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Can it answer a search?",
    description="Where not, `checks` says why, and it gets no requests until it can.",
    response_model=ReadyOut,
    response_model_exclude_none=True,
    responses=problems(503),
)
async def readyz(state: StateDep) -> ReadyOut | Response:
    found = await state.readiness.checks()
    checks = {name: CheckOut(ok=code is None, code=code) for name, code in found.items()}
    if all(check.ok for check in checks.values()):
        return ReadyOut(status="ready", checks=checks)
    told = {name: check.model_dump(exclude_none=True) for name, check in checks.items()}
    return problem(503, "not_ready", _NOT_READY, headers={"Retry-After": "2"}, checks=told)
