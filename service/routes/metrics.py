from typing import Annotated

from fastapi import APIRouter, Header, Response

from service.dependencies import StateDep
from service.security import ReadRoute

router = APIRouter(tags=["health"], route_class=ReadRoute)

_TEXT = {"schema": {"type": "string"}}


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="Figures for Prometheus",
    description="Requests, how long each stage takes, the queue, the store and the catalogue, as text or as "
    "OpenMetrics.",
    response_class=Response,
    responses={200: {"content": {"text/plain": _TEXT, "application/openmetrics-text": _TEXT}}},
)
async def get_metrics(
    state: StateDep, accept: Annotated[str, Header(include_in_schema=False)] = ""
) -> Response:
    text, media_type = await state.scrape.exposition(accept)
    return Response(text, headers={"Content-Type": media_type})
