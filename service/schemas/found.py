"""What is told of whatever a walk through the catalogue has found."""

from typing import Any, Protocol

from pydantic import BaseModel

from service.catalog.products import Product
from service.schemas.products import ImageOut

CURSOR_EXAMPLE = "0b9ba4f6-3a9b-4d07-8d5e-5d6c4b0e9a51"


class Found(Protocol):
    @property
    def product(self) -> Product: ...

    @property
    def image(self) -> str: ...


class FoundOut(BaseModel):
    id: str
    title: str
    category: str
    image: ImageOut

    @staticmethod
    def head(found: Found) -> dict[str, Any]:
        product = found.product
        return {
            "id": product.id,
            "title": product.title,
            "category": product.category,
            "image": ImageOut.of(found.image),
        }
