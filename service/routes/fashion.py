"""For the clients of the Flask services that Vizinho replaces: they need no change."""

import base64
from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from service.catalog.searching import Query
from service.dependencies import CatalogDep
from service.routes.parameters import CategoryForm, LimitForm
from service.routes.problems import problems
from service.schemas.search import FashionOut

router = APIRouter(tags=["compatibility"])


@router.post(
    "/fashion",
    operation_id="fashion",
    summary="Similar products as base64 images with captions",
    responses=problems(404, 413, 415, 422, 503),
)
async def fashion(
    catalog: CatalogDep,
    image: Annotated[UploadFile, File(description="The query.")],
    category: CategoryForm = "",
    limit: LimitForm = 5,
) -> list[FashionOut]:
    answer = await catalog.similar_to_image(await image.read(), Query(category or None, None, limit))
    return [
        FashionOut(
            image=base64.b64encode(await catalog.thumbnail(match.image)).decode(),
            caption=match.product.title or match.product.category,
            score=match.score,
        )
        for match in answer.matches
    ]
