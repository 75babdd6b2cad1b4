"""For the clients of the Flask services that Vizinho replaces: they need no change."""

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile

from service.catalog.searching import Query
from service.dependencies import CatalogDep
from service.routes.image_routes import ReadImageRoute
from service.routes.problems import problems
from service.routes.search import thumbnails_of
from service.schemas import queries as said
from service.schemas.search import FashionOut
from service.telemetry.handled import observe_stages

router = APIRouter(tags=["compatibility"], route_class=ReadImageRoute)


@router.post(
    "/fashion",
    operation_id="fashion",
    summary="Similar products as base64 images with captions",
    description="The form and the answer of the Flask services that Vizinho replaces, for clients that cannot be "
    "changed. Others want `POST /v1/search/upload`.",
    responses=problems(404, 413, 415, 422, 503),
)
async def fashion(
    catalog: CatalogDep,
    image: Annotated[UploadFile, File(description="The query.")],
    category: Annotated[str, Form(max_length=1_000, description=said.CATEGORY)] = "",
    limit: Annotated[int, Form(ge=1, le=said.MAX_LIMIT, description=said.LIMIT)] = 5,
) -> list[FashionOut]:
    answer = await catalog.similar_to_image(await image.read(), Query(category or None, limit=limit))
    observe_stages(answer.timings_s)
    thumbnails = await thumbnails_of(catalog, answer)
    return [
        FashionOut(
            image=thumbnails[match.image],
            caption=match.product.title or match.product.category,
            score=match.score,
        )
        for match in answer.matches
        if match.image in thumbnails
    ]
