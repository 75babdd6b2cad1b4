from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from service.catalog.catalog import Answer, Query
from service.dependencies import CatalogDep, StateDep
from service.routes.parameters import (
    CategoryForm,
    CategoryQuery,
    LimitForm,
    LimitQuery,
    MinScoreForm,
    MinScoreQuery,
    ProductId,
    json_object,
)
from service.routes.problems import problems
from service.schemas.search import SearchOut
from service.state import State

router = APIRouter(prefix="/v1", tags=["search"])

_FILTER = (
    "A JSON object over the products' attributes; every condition must hold. "
    '`{"gender": "Women", "baseColour": ["Navy", "Blue"], "year": {"gte": 2011}, '
    '"season": {"not": "Winter"}, "brand": {"exists": true}}`'
)


@router.post(
    "/search/upload",
    operation_id="search_upload",
    summary="What looks like this image?",
    responses=problems(404, 413, 415, 422, 503),
)
async def search_upload(
    response: Response,
    state: StateDep,
    image: Annotated[UploadFile, File(description="A JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF.")],
    category: CategoryForm = None,
    filter: Annotated[str | None, Form(max_length=10_000, description=_FILTER)] = None,  # noqa: A002
    limit: LimitForm = 10,
    min_score: MinScoreForm = None,
) -> SearchOut:
    query = Query(category or None, json_object("filter", filter), limit, min_score)
    return _out(response, state, await state.catalog.similar_to_image(await image.read(), query))


@router.get(
    "/products/{product_id:path}/similar",
    operation_id="similar_products",
    summary="What looks like this product?",
    responses=problems(404, 422, 503),
)
async def similar_products(
    response: Response,
    state: StateDep,
    catalog: CatalogDep,
    product_id: ProductId,
    category: CategoryQuery = None,
    limit: LimitQuery = 10,
    min_score: MinScoreQuery = None,
) -> SearchOut:
    query = Query(category or None, None, limit, min_score)
    return _out(response, state, await catalog.similar_to_product(product_id, query))


def _out(response: Response, state: State, answer: Answer) -> SearchOut:
    stages = (f"{stage};dur={seconds * 1000:.2f}" for stage, seconds in answer.timings_s.items())
    response.headers["Server-Timing"] = ", ".join(stages)
    return SearchOut.of(answer, state.embedder)
