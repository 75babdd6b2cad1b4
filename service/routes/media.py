from typing import Annotated

from fastapi import APIRouter, Path, Response

from service.dependencies import CatalogDep
from service.routes.problems import problems

router = APIRouter(prefix="/media", tags=["media"])

# An image's name is the hash of its content, so what a name shows never changes.
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@router.get(
    "/thumbnails/{image}.jpg",
    operation_id="get_thumbnail",
    summary="A product's image, small and re-encoded",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **problems(404, 422, 503)},
)
async def get_thumbnail(
    catalog: CatalogDep,
    image: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The image's sha256.")],
) -> Response:
    return Response(await catalog.thumbnail(image), media_type="image/jpeg", headers=_FOREVER)
