from typing import Annotated

from fastapi import APIRouter, Query

from service.catalog.unlike import UNUSUAL
from service.catalog.walking import MOST_EXAMINED
from service.dependencies import CatalogDep
from service.routes.parameters import CursorQuery
from service.routes.problems import problems
from service.schemas.unlike import UnlikeOut
from service.security import ReadRoute

router = APIRouter(prefix="/v1", tags=["catalogue"], route_class=ReadRoute)


@router.get(
    "/unlike",
    operation_id="list_unlike",
    summary="Images unlike any other",
    description=f"""
Perhaps they show something else: a size chart, a landscape, another shop's goods. A walk through the images, of each
of which the nearest images of other products are looked for in the whole catalogue. A page looks at {MOST_EXAMINED:,}
images at most, and fewer where that takes long: `examined` says how many. **A page may well have no images and a
`cursor`**: go on until the cursor is null.

Told is an image whose nearest is much further than the nearest usually is: in the category where it stands, and in
that where its nearest stands, by a sample of each, or of the category above where they have few. So it means the same
with any model. One of a kind is told as well as what is out of place: whoever knows the products decides.
""",
    responses=problems(404, 422, 503),
)
async def list_unlike(
    catalog: CatalogDep,
    unusual: Annotated[
        float,
        Query(
            gt=0,
            le=100,
            allow_inf_nan=False,
            description="How far out, at least: 0 is as far as is usual, 1 where the furthest tenth begins, 2 as far "
            "again.",
        ),
    ] = UNUSUAL,
    category: Annotated[
        str,
        Query(
            max_length=1_000, description="Only images inside it; the nearest may stand anywhere. Empty: all."
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="How many images at most.")] = 20,
    cursor: CursorQuery = "",
) -> UnlikeOut:
    page = await catalog.unlike(unusual, category or None, limit=limit, cursor=cursor or None)
    return UnlikeOut.of(page)
