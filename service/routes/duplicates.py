from typing import Annotated

from fastapi import APIRouter, Query

from service.catalog.duplicates import MOST_IMAGES
from service.catalog.likeness import MOST_LIKE_ONE
from service.catalog.walking import MOST_EXAMINED
from service.dependencies import CatalogDep
from service.routes.parameters import CursorQuery, InsideQuery
from service.routes.problems import problems
from service.schemas.duplicates import DuplicatesOut
from service.security import ReadRoute

router = APIRouter(prefix="/v1", tags=["catalogue"], route_class=ReadRoute)


@router.get(
    "/duplicates",
    operation_id="list_duplicates",
    summary="Nearly the same image in different products",
    description=f"""
A walk through the images, each of which is compared with all images of other products. A page compares about
{MOST_EXAMINED:,} at most, and fewer where that takes long: `examined` says how many. **A page may well have no groups
and a `cursor`**: go on until the cursor is null.

Images that are alike enough are in one group, and so are those that are alike enough to one of them. A group is told
once in the whole walk, and whole, wherever its images stand; beyond {MOST_IMAGES} images, or where {MOST_LIKE_ONE} or
more are like one of them, it may be told in part, with `complete` false. The same file in two products is always
found, with score 1. Near ones are found as a search finds them: in a large catalogue an index may miss one now and
then. Inside a category, nothing outside is looked at.
""",
    responses=problems(404, 422, 503),
)
async def list_duplicates(
    catalog: CatalogDep,
    threshold: Annotated[
        float,
        Query(
            gt=0,
            le=1,
            allow_inf_nan=False,
            description="How alike, as a search scores it. What is a good value depends on the model: with ImageNet "
            "weights, 0.98 means another size or quality of one picture.",
        ),
    ] = 0.98,
    category: InsideQuery = "",
    limit: Annotated[int, Query(ge=1, le=100, description="How many groups at most.")] = 20,
    cursor: CursorQuery = "",
) -> DuplicatesOut:
    page = await catalog.duplicates(threshold, category or None, limit=limit, cursor=cursor or None)
    return DuplicatesOut.of(page)
