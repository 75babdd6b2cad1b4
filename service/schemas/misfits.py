from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.misfits import CLOSEST, Misfit
from service.catalog.products import Match
from service.catalog.walking import Stretch
from service.schemas.found import CURSOR_EXAMPLE, FoundOut
from service.schemas.products import IMAGE_EXAMPLE, ImageOut

NEIGHBOUR_EXAMPLE: dict[str, Any] = {
    "id": "10311",
    "title": "Women's Red Pumps",
    "category": "Footwear/Heels",
    "score": 0.91,
    "image": IMAGE_EXAMPLE,
}


class NeighbourOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": NEIGHBOUR_EXAMPLE})

    id: str
    title: str
    category: str
    score: float = Field(description="How alike, as a search scores it.")
    image: ImageOut = Field(description="The one that is most like the product's.")

    @classmethod
    def of(cls, match: Match) -> Self:
        product = match.product
        return cls(
            id=product.id,
            title=product.title,
            category=product.category,
            score=match.score,
            image=ImageOut.of(match.image),
        )


class VoteOut(BaseModel):
    category: str
    products: int = Field(description="Of the neighbours, those that stand in it.")


class MisfitOut(FoundOut):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "10040",
                "title": "Red Pumps",
                "category": "Apparel/Topwear/Shirts",
                "image": IMAGE_EXAMPLE,
                "elsewhere": "Footwear",
                "share": 0.933,
                "suggested_category": "Footwear/Heels",
                "votes": [
                    {"category": "Footwear/Heels", "products": 12},
                    {"category": "Footwear/Sandals", "products": 2},
                    {"category": "Accessories/Bags", "products": 1},
                ],
                "neighbours": [NEIGHBOUR_EXAMPLE],
            }
        }
    )

    category: str = Field(description="In which it stands.")
    image: ImageOut = Field(description="The one that stands for it.")
    elsewhere: str = Field(
        description="The category that its neighbours are in and it is not: the highest such."
    )
    share: float = Field(description="Of the neighbours, how many are in `elsewhere`, 0 to 1.")
    suggested_category: str = Field(
        description="`elsewhere` or a category below it: as deep as more than half of the neighbours agree."
    )
    votes: list[VoteOut] = Field(description="Where each of the neighbours stands, most of them first.")
    neighbours: list[NeighbourOut] = Field(description=f"The {CLOSEST} closest, the nearest first.")

    @classmethod
    def of(cls, found: Misfit) -> Self:
        verdict = found.verdict
        return cls(
            **cls.head(found),
            elsewhere=verdict.elsewhere,
            share=round(verdict.share, 3),
            suggested_category=verdict.suggested,
            votes=[VoteOut(category=path, products=count) for path, count in found.votes.items()],
            neighbours=[NeighbourOut.of(match) for match in found.neighbours],
        )


class MisfitsOut(BaseModel):
    products: list[MisfitOut]
    examined: int = Field(description="How many products' neighbours this page has asked.")
    cursor: str | None = Field(
        description="Where the next page begins. Null: every product's neighbours have been asked.",
        examples=[CURSOR_EXAMPLE],
    )

    @classmethod
    def of(cls, page: Stretch[Misfit]) -> Self:
        found = [MisfitOut.of(misfit) for misfit in page.found]
        return cls(products=found, examined=page.examined, cursor=page.cursor)
