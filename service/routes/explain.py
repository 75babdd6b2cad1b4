"""Each question has two answers: numbers, and a picture."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Response

from service.catalog.explaining import Explanation, Sent, Shown
from service.catalog.products import MAX_ID
from service.dependencies import StateDep
from service.routes.image_routes import ReadImageRoute
from service.routes.parameters import PictureFile
from service.routes.problems import problems
from service.routes.queries import crop_box
from service.schemas.explain import ExplainOut
from service.security import ReadRoute
from service.state import State

router = APIRouter(prefix="/v1", tags=["explain"], route_class=ReadRoute)
bringing = APIRouter(prefix="/v1", tags=["explain"], route_class=ReadImageRoute)

_ID: dict[str, Any] = {"min_length": 1, "max_length": MAX_ID}
_ASKED = _ID | {"description": "The product that was asked about, by its id.", "examples": ["10002"]}
_MATCH = _ID | {"description": "The product that was found, by its id.", "examples": ["10023"]}
_IMAGE: dict[str, Any] = {"pattern": "^([0-9a-f]{64})?$"}
_MATCH_IMAGE = _IMAGE | {
    "description": "Which of its images, by its sha256. Empty: the one that is most alike."
}
_DESCRIPTION = """
Each picture is looked at in 7 x 7 regions. The grids tell how much each of them adds to the likeness of the two, and
`pairs` which region of the one agrees with which of the other.
"""
_DRAWN = """
The two pictures side by side, bright and in colour where they agree, and dark where they do not. Equal numbers mark the
pairs of regions that agree most.
"""
_PNG: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Both pictures, bright where they agree.",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def _products(
    state: StateDep,
    product_id: Annotated[str, Query(**_ASKED)],
    match: Annotated[str, Query(**_MATCH)],
    product_image: Annotated[
        str, Query(**_IMAGE, description="Which of its images, by its sha256. Empty: the first.")
    ] = "",
    match_image: Annotated[str, Query(**_MATCH_IMAGE)] = "",
) -> Explanation:
    return await state.explaining.explain(
        Shown(product_id, product_image or None), Shown(match, match_image or None)
    )


async def _upload(
    state: StateDep,
    image: PictureFile,
    match: Annotated[str, Form(**_MATCH)],
    match_image: Annotated[str, Form(**_MATCH_IMAGE)] = "",
    crop: Annotated[
        str,
        Form(
            max_length=100,
            description="Look at this part of the picture alone: left, top, right and bottom in fractions of its "
            "width and height, `0.1,0.2,0.9,0.8`.",
        ),
    ] = "",
) -> Explanation:
    sent = Sent(await image.read(), crop_box(crop))
    return await state.explaining.explain(sent, Shown(match, match_image or None))


ProductsExplained = Annotated[Explanation, Depends(_products)]
UploadExplained = Annotated[Explanation, Depends(_upload)]


@router.get(
    "/explain",
    operation_id="explain_product",
    summary="Which regions of two products' images agree?",
    description=_DESCRIPTION,
    responses=problems(404, 422, 503),
)
async def explain_product(state: StateDep, explanation: ProductsExplained) -> ExplainOut:
    return ExplainOut.of(explanation, state.embedder)


@router.get(
    "/explain.png",
    operation_id="draw_explained_product",
    summary="The same, as a picture",
    description=_DRAWN,
    response_class=Response,
    responses=_PNG | problems(404, 422, 503),
)
async def draw_explained_product(state: StateDep, explanation: ProductsExplained) -> Response:
    return await _drawn(state, explanation)


@bringing.post(
    "/explain",
    operation_id="explain_upload",
    summary="Which regions of this image and of a product's agree?",
    description=_DESCRIPTION,
    responses=problems(404, 413, 415, 422, 503),
)
async def explain_upload(state: StateDep, explanation: UploadExplained) -> ExplainOut:
    return ExplainOut.of(explanation, state.embedder)


@bringing.post(
    "/explain.png",
    operation_id="draw_explained_upload",
    summary="The same, as a picture",
    description=_DRAWN,
    response_class=Response,
    responses=_PNG | problems(404, 413, 415, 422, 503),
)
async def draw_explained_upload(state: StateDep, explanation: UploadExplained) -> Response:
    return await _drawn(state, explanation)


async def _drawn(state: State, explanation: Explanation) -> Response:
    return Response(await state.explaining.draw(explanation), media_type="image/png")
