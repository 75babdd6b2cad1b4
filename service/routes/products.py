from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from pydantic import TypeAdapter, ValidationError

from service.catalog.attributes import Attributes
from service.catalog.products import Product
from service.dependencies import CatalogDep
from service.errors import InvalidParameter
from service.routes.parameters import ProductId, json_object
from service.routes.problems import problems
from service.schemas.products import ProductOut

router = APIRouter(prefix="/v1/products", tags=["catalogue"])

_ATTRIBUTES: TypeAdapter[Attributes] = TypeAdapter(Attributes)


@router.put(
    "/{product_id:path}",
    operation_id="put_product",
    summary="Add a product, or make it what you send",
    responses={201: {"model": ProductOut, "description": "Added."}, **problems(413, 415, 422, 503, 507)},
)
async def put_product(
    response: Response,
    catalog: CatalogDep,
    product_id: ProductId,
    images: Annotated[list[UploadFile], File(description="One or more; the first stands for the product.")],
    category: Annotated[str, Form(max_length=1000, description="A path, `Apparel/Topwear/Shirts`.")],
    title: Annotated[str, Form(max_length=500)] = "",
    attributes: Annotated[
        str,
        Form(
            max_length=100_000,
            description='A JSON object: `{"gender": "Women", "price": 19.9, "in_stock": true}`',
        ),
    ] = "",
) -> ProductOut:
    product = Product(product_id, category, title, _attributes(attributes))
    outcome = await catalog.put(product, [await image.read() for image in images])
    if outcome.state == "added":
        response.status_code = status.HTTP_201_CREATED
    return ProductOut.of(await catalog.get(product_id))


@router.get(
    "/{product_id:path}", operation_id="get_product", summary="One product", responses=problems(404, 422, 503)
)
async def get_product(catalog: CatalogDep, product_id: ProductId) -> ProductOut:
    return ProductOut.of(await catalog.get(product_id))


@router.delete(
    "/{product_id:path}",
    operation_id="delete_product",
    summary="Remove a product and its images",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 422, 503),
)
async def delete_product(catalog: CatalogDep, product_id: ProductId) -> None:
    await catalog.delete(product_id)


def _attributes(text: str) -> Attributes:
    try:
        return _ATTRIBUTES.validate_python(json_object("attributes", text))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise InvalidParameter(
            "attributes", f"{name!r} must be a text, number, true/false or list of texts."
        ) from error
