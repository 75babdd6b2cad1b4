from typing import Annotated

from fastapi import APIRouter, Query

from service.catalog.names import names_in
from service.catalog.statistics import MOST_PARTS
from service.dependencies import CatalogDep
from service.errors import InvalidParameter
from service.routes.problems import problems
from service.schemas.stats import StatsOut
from service.security import ReadRoute

router = APIRouter(prefix="/v1", tags=["catalogue"], route_class=ReadRoute)


@router.get(
    "/stats",
    operation_id="get_stats",
    summary="How the products are spread over categories and attributes",
    description="Each product is counted once, exactly. Where that takes long, the answer is up to twenty times as old "
    "as it took, and the first who asks may be told `still_counting`, a 503, until it is done.",
    responses=problems(422, 503),
)
async def get_stats(
    catalog: CatalogDep,
    by: Annotated[
        str,
        Query(
            max_length=200,
            description="An attribute, `category`, `category:2` for its second level, or two of these with a comma "
            "between for a cross table. Empty: all of them.",
            examples=["category"],
        ),
    ] = "",
    top: Annotated[
        int, Query(ge=1, le=MOST_PARTS, description="How many values at most of each; ranges of numbers.")
    ] = 10,
) -> StatsOut:
    names = names_in(by)
    if len(names) > 2:
        raise InvalidParameter("by", "One name or two, such as `gender,category`.")
    return StatsOut.of(await catalog.statistics(names, top))
