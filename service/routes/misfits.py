from typing import Annotated

from fastapi import APIRouter, Query

from service.catalog.misfits import CLOSEST
from service.catalog.voting import VOTERS
from service.catalog.walking import MOST_EXAMINED
from service.dependencies import CatalogDep
from service.routes.parameters import CursorQuery
from service.routes.problems import problems
from service.schemas.misfits import MisfitsOut
from service.security import ReadRoute

router = APIRouter(prefix="/v1", tags=["catalogue"], route_class=ReadRoute)


@router.get(
    "/misfits",
    operation_id="list_misfits",
    summary="Products whose neighbours stand in another category",
    description=f"""
Perhaps they ought to stand there themselves. A walk through the products, of each of which the {VOTERS} nearest others
are asked in which category they stand. A page asks about {MOST_EXAMINED:,} products at most, and fewer where that takes
long: `examined` says how many. **A page may well have no products and a `cursor`**: go on until the cursor is null.

Told is a product whose neighbours stand in a category that is neither above nor below its own, as many of them as
`agreement` wants, and the {CLOSEST} closest all of them. It is an opinion, as good as the model's eye for the products:
whether it is right, whoever knows them decides, and says so with `PATCH /v1/products/{{id}}`.
""",
    responses=problems(404, 422, 503),
)
async def list_misfits(
    catalog: CatalogDep,
    agreement: Annotated[
        float,
        Query(
            gt=0.5,
            le=1,
            allow_inf_nan=False,
            description="How many of the neighbours stand elsewhere together, at least. Nearer to 1, fewer are told "
            "and more of those are right.",
        ),
    ] = 0.8,
    category: Annotated[
        str,
        Query(
            max_length=1_000,
            description="Only products inside it; neighbours may stand anywhere. Empty: all.",
        ),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=100, description="How many products at most.")] = 20,
    cursor: CursorQuery = "",
) -> MisfitsOut:
    page = await catalog.misfits(agreement, category or None, limit=limit, cursor=cursor or None)
    return MisfitsOut.of(page)
