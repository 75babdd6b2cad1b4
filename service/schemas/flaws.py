from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.flaw import Flaw, Kind, Reason
from service.catalog.walking import Stretch
from service.schemas.products import IMAGE_EXAMPLE, ImageOut


class FlawOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "10081",
                "title": "Women's Red Pumps",
                "category": "Footwear/Heels",
                "image": IMAGE_EXAMPLE,
                "kind": "broken",
                "reason": "original_damaged",
            }
        }
    )

    id: str
    title: str
    category: str
    image: ImageOut
    kind: Kind
    reason: Reason = Field(
        description="`broken`: the original or the thumbnail is missing or damaged. `blank`: the picture is `tiny`, "
        "or has `no_detail`."
    )

    @classmethod
    def of(cls, found: Flaw) -> Self:
        product = found.product
        return cls(
            id=product.id,
            title=product.title,
            category=product.category,
            image=ImageOut.of(found.image),
            kind=found.kind,
            reason=found.reason,
        )


class FlawsOut(BaseModel):
    images: list[FlawOut]
    examined: int = Field(description="Of how many images this page has read the files.")
    cursor: str | None = Field(
        description="Where the next page begins. Null: every image's files have been read.",
        examples=["0b9ba4f6-3a9b-4d07-8d5e-5d6c4b0e9a51"],
    )

    @classmethod
    def of(cls, page: Stretch[Flaw]) -> Self:
        return cls(
            images=[FlawOut.of(flaw) for flaw in page.found], examined=page.examined, cursor=page.cursor
        )
