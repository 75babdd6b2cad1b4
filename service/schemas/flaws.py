from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.flaw import Flaw, Kind, Reason
from service.catalog.walking import Stretch
from service.schemas.found import CURSOR_EXAMPLE, FoundOut
from service.schemas.products import IMAGE_EXAMPLE


class FlawOut(FoundOut):
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

    kind: Kind
    reason: Reason = Field(
        description="`broken`: the original or the thumbnail is missing or damaged. `blank`: the picture is `tiny`, "
        "or has `no_detail`."
    )

    @classmethod
    def of(cls, found: Flaw) -> Self:
        return cls(**cls.head(found), kind=found.kind, reason=found.reason)


class FlawsOut(BaseModel):
    images: list[FlawOut]
    examined: int = Field(description="Of how many images this page has read the files.")
    cursor: str | None = Field(
        description="Where the next page begins. Null: every image's files have been read.",
        examples=[CURSOR_EXAMPLE],
    )

    @classmethod
    def of(cls, page: Stretch[Flaw]) -> Self:
        return cls(
            images=[FlawOut.of(flaw) for flaw in page.found], examined=page.examined, cursor=page.cursor
        )
