from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Response, UploadFile

from service.catalog.searching import Answer, Query
from service.dependencies import CatalogDep, StateDep
from service.routes.parameters import (
    LOWEST_SCORE,
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
    category: CategoryForm = "",
    filter: Annotated[str, Form(max_length=10_000, description=_FILTER)] = "",  # noqa: A002
    limit: LimitForm = 10,
    min_score: MinScoreForm = LOWEST_SCORE,
) -> SearchOut:
    query = _query(category, limit, min_score, json_object("filter", filter))
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
    category: CategoryQuery = "",
    limit: LimitQuery = 10,
    min_score: MinScoreQuery = LOWEST_SCORE,
) -> SearchOut:
    query = _query(category, limit, min_score)
    return _out(response, state, await catalog.similar_to_product(product_id, query))


def _query(category: str, limit: int, min_score: float, filter_: dict[str, Any] | None = None) -> Query:
    return Query(category or None, filter_, limit, min_score if min_score > LOWEST_SCORE else None)


def _out(response: Response, state: State, answer: Answer) -> SearchOut:
    stages = (f"{stage};dur={seconds * 1000:.2f}" for stage, seconds in answer.timings_s.items())
    response.headers["Server-Timing"] = ", ".join(stages)
    return SearchOut.of(answer, state.embedder)
