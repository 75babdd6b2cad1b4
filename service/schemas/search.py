"""What a search answers."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.attributes import Value
from service.catalog.calibration.closeness import Closeness
from service.catalog.products import Match
from service.catalog.reranking.methods import Rerank
from service.catalog.voting import CategoryBy
from service.schemas.catalogue import ProblemOut
from service.schemas.embedder import EmbedderOut
from service.schemas.products import IMAGE_EXAMPLE, ImageOut

if TYPE_CHECKING:
    from embedder import Embedder
    from service.catalog.searching import Answer

Part = Literal["attributes", "dominant_colours", "image_base64"]


class MatchOut(BaseModel):
    id: str
    title: str
    category: str
    attributes: dict[str, Value] = Field({}, description="If `include` names them.")
    dominant_colours: list[str] = Field(
        [], description="That the matching image shows, the most first; if `include` names them."
    )
    score: float = Field(
        description="1 for the same picture; cosine similarity, or 1 / (1 + distance) under euclid."
    )
    distance: float = Field(description="Euclidean distance between the vectors.")
    match: Closeness | None = Field(
        description="What the score means here. `strong`: as close as half of the category's products have their best "
        "match in it; `fair`: as nearly all have it; `weak`: less, or the picture shows nothing of what is here. "
        "Null where there are too few products to tell, or it is not measured yet."
    )
    percentile: float | None = Field(
        description="Of unrelated pairs of products in its category, how many in a hundred are less alike. Null where "
        "`match` is."
    )
    image: ImageOut = Field(description="The product's image that matched.")
    image_base64: str | None = Field(
        None, description="That image, small, as a base64 JPEG; if `include` names it."
    )

    @classmethod
    def of(cls, match: Match, include: Collection[Part], thumbnail: str | None = None) -> Self:
        product = match.product
        found = cls(
            id=product.id,
            title=product.title,
            category=product.category,
            score=match.score,
            distance=match.distance,
            match=match.closeness,
            percentile=match.percentile,
            image=ImageOut.of(match.image),
        )
        if "attributes" in include:
            found.attributes = product.attributes
        if "dominant_colours" in include:
            found.dominant_colours = match.colours
        if "image_base64" in include:
            found.image_base64 = thumbnail
        return found


_EXAMPLE: dict[str, Any] = {
    "results": [
        {
            "id": "10023",
            "title": "Women's Striped Navy Shirt",
            "category": "Apparel/Topwear/Shirts",
            "attributes": {"gender": "Women", "baseColour": "Navy", "year": 2024},
            "dominant_colours": ["navy", "white"],
            "score": 0.93,
            "distance": 0.37,
            "match": "strong",
            "percentile": 99.8,
            "image": IMAGE_EXAMPLE,
        }
    ],
    "category": "Apparel/Topwear",
    "category_by": "given",
    "category_share": None,
    "rerank": "none",
    "embedder": {
        "fingerprint": "resnet50.imagenet-v1.224.unit.737e0a588bd2",
        "weights": "imagenet-v1",
        "trained": True,
    },
    "timings_ms": {"decode": 2.1, "embed": 21.4, "search": 1.6},
}


class SearchOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    results: list[MatchOut] = Field(
        description="The nearest first, or as `rerank` and `diversity` order them. Empty where nothing is close enough."
    )
    category: str | None = Field(description="Inside which was searched; null: the whole catalogue.")
    category_by: CategoryBy = Field(
        description="`given` in the request; `predicted` by the neighbours; `undecided`: they do not agree; "
        "`nobody` asked for one."
    )
    category_share: float | None = Field(
        description="Of the nearest products, how many stand in the predicted category, 0 to 1."
    )
    rerank: Rerank = Field(description="How the nearest were put in another order. Scores are none of it.")
    embedder: EmbedderOut
    timings_ms: dict[str, float] = Field(description="By stage; also in the header `Server-Timing`.")

    @classmethod
    def of(
        cls, answer: "Answer", embedder: "Embedder", include: Collection[Part], thumbnails: Mapping[str, str]
    ) -> Self:
        place = answer.place
        return cls(
            results=[MatchOut.of(match, include, thumbnails.get(match.image)) for match in answer.matches],
            category=place.category,
            category_by=place.by,
            category_share=place.share,
            rerank=answer.rerank,
            embedder=EmbedderOut.of(embedder),
            timings_ms={stage: round(seconds * 1000, 2) for stage, seconds in answer.timings_s.items()},
        )


class BatchAnswerOut(BaseModel):
    """One of the two."""

    model_config = ConfigDict(json_schema_extra={"example": {"answer": _EXAMPLE}})

    answer: SearchOut | None = None
    problem: ProblemOut | None = None


class BatchOut(BaseModel):
    answers: list[BatchAnswerOut] = Field(description="In the order of the queries.")


class FashionOut(BaseModel):
    """One match, as the Flask services that Vizinho replaces answered."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"image": "/9j/4AAQ…", "caption": "Striped navy shirt", "score": 0.93}}
    )

    image: str = Field(description="A JPEG, base64.")
    caption: str
    score: float
