"""Pictures by their address. For everybody, as an `<img>` can show no key; nobody guesses a name."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import StreamingResponse

from service.catalog.image_types import IMAGE_TYPES, media_type_of
from service.catalog.pictures import THUMBNAIL_SIDE
from service.dependencies import CatalogDep
from service.routes.problems import problems

router = APIRouter(prefix="/media", tags=["media"])

# An image's name is the hash of its content, so what a name shows never changes. It is somebody's file all the same:
# a browser is to take it for no more than a picture.
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "You have it already: `If-None-Match` names its `ETag`."}
}

ImageName = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The image's sha256.")]
KnownTags = Annotated[str, Header(alias="If-None-Match", max_length=10_000, description="`ETag`s you have.")]


@router.head("/images/{image}", include_in_schema=False)
@router.get(
    "/images/{image}",
    operation_id="get_image",
    summary="A product's image, as it was given",
    description="By the sha256 of its file, which products and search results carry. It never changes, and may be "
    "kept for ever.",
    response_class=Response,
    responses={
        200: {"content": dict.fromkeys(IMAGE_TYPES, _BINARY)},
        **_UNCHANGED,
        **problems(404, 422, 503),
    },
)
async def get_image(
    request: Request, catalog: CatalogDep, image: ImageName, if_none_match: KnownTags = ""
) -> Response:
    opened, headers = await catalog.image(image), _HEADERS | {"ETag": f'"{image}"'}
    if _has(if_none_match, image):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Length": str(opened.size)}
    media_type = media_type_of(opened.head)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=media_type)
    return StreamingResponse(opened.chunks(), headers=headers, media_type=media_type)


@router.head("/thumbnails/{image}.jpg", include_in_schema=False)
@router.get(
    "/thumbnails/{image}.jpg",
    operation_id="get_thumbnail",
    summary="A product's image, small and re-encoded",
    description=f"A JPEG of at most {THUMBNAIL_SIDE} pixels on either side, by the sha256 of the original.",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": _BINARY}}, **_UNCHANGED, **problems(404, 422, 503)},
)
async def get_thumbnail(catalog: CatalogDep, image: ImageName, if_none_match: KnownTags = "") -> Response:
    # Weak: another version may draw the same small picture with other bytes.
    thumbnail, headers = await catalog.thumbnail(image), _HEADERS | {"ETag": f'W/"{image}"'}
    if _has(if_none_match, image):
        return Response(status_code=304, headers=headers)
    return Response(thumbnail, headers=headers, media_type="image/jpeg")


def _has(tags: str, image: str) -> bool:
    """Weakly compared, as RFC 9110 wants it here."""
    known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    return bool({"*", f'"{image}"'} & known)
