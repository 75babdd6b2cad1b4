"""A product as it comes: a form with its files, or JSON. FastAPI knows one kind of body an operation."""

import asyncio
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from service.catalog.attributes import Attributes
from service.catalog.intake import SentProduct
from service.catalog.products import Product
from service.catalog.sent import SentImages
from service.errors import InvalidParameter
from service.routes.parameters import ProductId, json_object
from service.schemas.product_changes import ProductBody, ProductForm

_FORM = "multipart/form-data"
_JSON = "application/json"
_ATTRIBUTES: TypeAdapter[Attributes] = TypeAdapter(Attributes)


def _schema(of: type[ProductForm | ProductBody]) -> dict[str, Any]:
    """What it refers to is among the components, because a batch refers to it too."""
    schema = of.model_json_schema(ref_template="#/components/schemas/{model}")
    return {name: value for name, value in schema.items() if name != "$defs"}


EITHER_BODY = {
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": _schema(ProductForm)}, _JSON: {"schema": _schema(ProductBody)}},
    }
}


class _Uploaded:
    image_url = None

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def read(self, _: SentImages) -> bytes:
        return self._data


async def _sent_product(request: Request, product_id: ProductId) -> SentProduct:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == _FORM:
            return await _in_form(request, product_id)
        if kind == _JSON:
            return await _in_json(request, product_id)
    except ValidationError as error:
        raise invalid_body(error) from error
    raise HTTPException(415, f"A product is sent as {_FORM} or as {_JSON}.")


Sent = Annotated[SentProduct, Depends(_sent_product)]


def invalid_body(error: ValidationError) -> RequestValidationError:
    return RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()])


async def _in_json(request: Request, product_id: str) -> SentProduct:
    body = await request.body()
    return (await asyncio.to_thread(ProductBody.model_validate_json, body)).sent(product_id)


async def _in_form(request: Request, product_id: str) -> SentProduct:
    async with request.form() as form:
        given = {name: value for name, value in form.items() if value != ""}  # a blank is a field not given
        said = ProductForm.model_validate(given | {"images": form.getlist("images")})
        images = [_Uploaded(await image.read()) for image in said.images]
    return SentProduct(Product(product_id, said.category, said.title, _attributes(said.attributes)), images)


def _attributes(text: str) -> Attributes:
    try:
        return _ATTRIBUTES.validate_python(json_object("attributes", text))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise InvalidParameter(
            "attributes", f"{name!r} must be a text, number, true/false or list of texts."
        ) from error
