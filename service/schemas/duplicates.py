from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.duplicates import Duplicate, Group, LikeImage
from service.catalog.walking import Stretch
from service.schemas.found import CURSOR_EXAMPLE
from service.schemas.products import IMAGE_EXAMPLE, ImageOut


class LikeImageOut(ImageOut):
    score: float = Field(
        description="To the image of another product in the group that is most like it; 1: the same."
    )

    @classmethod
    def like(cls, found: LikeImage) -> Self:
        return cls(**ImageOut.of(found.image).model_dump(), score=found.score)


class DuplicateOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "10023",
                "title": "Women's Striped Navy Shirt",
                "category": "Apparel/Topwear/Shirts",
                "images": [{**IMAGE_EXAMPLE, "score": 0.997}],
            }
        }
    )

    id: str
    title: str
    category: str
    images: list[LikeImageOut] = Field(description="Those of its images that are in the group.")

    @classmethod
    def of(cls, found: Duplicate) -> Self:
        product = found.product
        images = [LikeImageOut.like(image) for image in found.images]
        return cls(id=product.id, title=product.title, category=product.category, images=images)


class DuplicateGroupOut(BaseModel):
    products: list[DuplicateOut] = Field(description="Two or more.")
    complete: bool = Field(
        description="False: it is so large that some of it may be left out here, and be told on another page."
    )

    @classmethod
    def of(cls, group: Group) -> Self:
        return cls(products=[DuplicateOut.of(one) for one in group.duplicates], complete=group.complete)


class DuplicatesOut(BaseModel):
    groups: list[DuplicateGroupOut]
    examined: int = Field(description="How many images this page has compared with the others.")
    cursor: str | None = Field(
        description="Where the next page begins. Null: every image has been compared.",
        examples=[CURSOR_EXAMPLE],
    )

    @classmethod
    def of(cls, page: Stretch[Group]) -> Self:
        groups = [DuplicateGroupOut.of(group) for group in page.found]
        return cls(groups=groups, examined=page.examined, cursor=page.cursor)
