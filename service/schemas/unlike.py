from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.unlike import Loner
from service.catalog.walking import Stretch
from service.schemas.found import CURSOR_EXAMPLE, FoundOut
from service.schemas.misfits import NEIGHBOUR_EXAMPLE, NeighbourOut
from service.schemas.products import IMAGE_EXAMPLE, ImageOut


class LonerOut(FoundOut):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "10077",
                "title": "Size chart",
                "category": "Footwear/Heels",
                "image": IMAGE_EXAMPLE,
                "nearest": {**NEIGHBOUR_EXAMPLE, "score": 0.41},
                "distance": 1.09,
                "usual_distance": 0.52,
                "unusual": 3.1,
            }
        }
    )

    image: ImageOut = Field(description="The one that is unlike any other.")
    nearest: NeighbourOut = Field(description="Of all other products, that whose image is least unlike it.")
    distance: float = Field(
        description="How far the second nearest is, for what is out of place may be there twice. Euclidean."
    )
    usual_distance: float = Field(
        description="How far that usually is, where the image stands or where its nearest does."
    )
    unusual: float = Field(description="How far out it is: 1 is where the furthest tenth begins.")

    @classmethod
    def of(cls, found: Loner) -> Self:
        return cls(
            **cls.head(found),
            nearest=NeighbourOut.of(found.nearest),
            distance=found.distance,
            usual_distance=found.usual,
            unusual=round(found.unusual, 2),
        )


class UnlikeOut(BaseModel):
    images: list[LonerOut]
    examined: int = Field(description="For how many images this page has looked for the nearest.")
    cursor: str | None = Field(
        description="Where the next page begins. Null: every image has been looked at.",
        examples=[CURSOR_EXAMPLE],
    )

    @classmethod
    def of(cls, page: Stretch[Loner]) -> Self:
        return cls(
            images=[LonerOut.of(loner) for loner in page.found], examined=page.examined, cursor=page.cursor
        )
