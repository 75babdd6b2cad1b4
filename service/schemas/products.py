from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.attributes import Value
from service.catalog.products import StoredProduct
from service.catalog.reading import ProductPage

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
IMAGE_EXAMPLE: dict[str, Any] = {
    "id": _SHA256,
    "url": f"/media/images/{_SHA256}",
    "thumbnail_url": f"/media/thumbnails/{_SHA256}.jpg",
}


class ImageOut(BaseModel):
    id: str = Field(description="The sha256 of the original.")
    url: str = Field(description="The original.")
    thumbnail_url: str

    @classmethod
    def of(cls, image: str) -> Self:
        return cls(id=image, url=f"/media/images/{image}", thumbnail_url=f"/media/thumbnails/{image}.jpg")


class ProductOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "10023",
                "title": "Women's Striped Navy Shirt",
                "category": "Apparel/Topwear/Shirts",
                "attributes": {"gender": "Women", "baseColour": "Navy", "year": 2024},
                "dominant_colours": ["navy", "white"],
                "images": [IMAGE_EXAMPLE],
            }
        }
    )

    id: str
    title: str
    category: str
    attributes: dict[str, Value]
    dominant_colours: list[str] = Field(description="That its images show. Filters know them by this name.")
    images: list[ImageOut]

    @classmethod
    def of(cls, stored: StoredProduct) -> Self:
        product = stored.product
        return cls(
            id=product.id,
            title=product.title,
            category=product.category,
            attributes=product.attributes,
            dominant_colours=stored.colours,
            images=[ImageOut.of(image) for image in stored.images],
        )


class ProductPageOut(BaseModel):
    products: list[ProductOut]
    cursor: str | None = Field(
        description="Where the next page begins. Null: this was the last.",
        examples=["0b9ba4f6-3a9b-4d07-8d5e-5d6c4b0e9a51"],
    )

    @classmethod
    def of(cls, page: ProductPage) -> Self:
        return cls(products=[ProductOut.of(product) for product in page.products], cursor=page.cursor)
