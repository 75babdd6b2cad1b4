from typing import Self

from pydantic import BaseModel, Field

from embedder import Embedder
from service.catalog.attributes import Value
from service.catalog.products import Match
from service.catalog.searching import Answer
from service.schemas.products import ImageOut


class MatchOut(BaseModel):
    id: str
    title: str
    category: str
    attributes: dict[str, Value]
    dominant_colours: list[str] = Field(description="That the matching image shows, the most first.")
    score: float = Field(
        description="1 for the same picture; cosine similarity, or 1 / (1 + distance) under euclid."
    )
    distance: float = Field(description="Euclidean distance between the vectors.")
    image: ImageOut = Field(description="The product's image that matched.")

    @classmethod
    def of(cls, match: Match) -> Self:
        product = match.product
        return cls(
            id=product.id,
            title=product.title,
            category=product.category,
            attributes=product.attributes,
            dominant_colours=match.colours,
            score=match.score,
            distance=match.distance,
            image=ImageOut.of(match.image),
        )


class EmbedderOut(BaseModel):
    fingerprint: str = Field(description="Names everything that decides a vector.")
    weights: str
    trained: bool = Field(
        description="False: the weights are random, and matches show colour and texture only."
    )

    @classmethod
    def of(cls, embedder: Embedder) -> Self:
        weights = embedder.weights
        return cls(fingerprint=embedder.fingerprint, weights=weights.kind, trained=weights.trained)


class SearchOut(BaseModel):
    results: list[MatchOut]
    category: str | None
    embedder: EmbedderOut
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, answer: Answer, embedder: Embedder) -> Self:
        return cls(
            results=[MatchOut.of(match) for match in answer.matches],
            category=answer.category,
            embedder=EmbedderOut.of(embedder),
            timings_ms={stage: round(seconds * 1000, 2) for stage, seconds in answer.timings_s.items()},
        )


class FashionOut(BaseModel):
    """One match, as the Flask services that Vizinho replaces answered."""

    image: str = Field(description="A JPEG, base64.")
    caption: str
    score: float
