from typing import Annotated

from fastapi import APIRouter, Query

from service.catalog.flaws import LEAST_DETAIL
from service.catalog.walking import MOST_EXAMINED
from service.dependencies import CatalogDep
from service.routes.parameters import CursorQuery, InsideQuery
from service.routes.problems import problems
from service.schemas.flaws import FlawsOut
from service.security import ReadRoute

router = APIRouter(prefix="/v1", tags=["catalogue"], route_class=ReadRoute)


@router.get(
    "/flaws",
    operation_id="list_flaws",
    summary="Pictures that are broken or show nothing",
    description=f"""
A walk through the images, whose kept files are read. A page reads those of {MOST_EXAMINED:,} images at most, and fewer
where that takes long: `examined` says how many. **A page may well have no images and a `cursor`**: go on until the
cursor is null.

`broken`: the original or the thumbnail is missing, or is not what was taken in. To import the product again with
`replace`, or to delete it and add it anew, puts the files back; to `PUT` the same images does not, as it takes them for
kept.
`blank`: the picture is tiny, or as good as one colour or one gradient. White goods on a white table are not: their
edges and folds are `detail`.
""",
    responses=problems(404, 422, 503),
)
async def list_flaws(
    catalog: CatalogDep,
    detail: Annotated[
        float,
        Query(
            ge=0,
            le=255,
            allow_inf_nan=False,
            description="How far the most striking parts of a picture differ at least from an evenly lit wall, of 255. "
            "What has less shows nothing.",
        ),
    ] = LEAST_DETAIL,
    category: InsideQuery = "",
    limit: Annotated[int, Query(ge=1, le=100, description="How many images at most.")] = 20,
    cursor: CursorQuery = "",
) -> FlawsOut:
    page = await catalog.flaws(detail, category or None, limit=limit, cursor=cursor or None)
    return FlawsOut.of(page)
