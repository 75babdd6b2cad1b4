"""What made the vectors."""

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, Field

if TYPE_CHECKING:  # whoever only reads an answer needs no network: service/client
    from embedder import Embedder


class EmbedderOut(BaseModel):
    fingerprint: str = Field(description="Names everything that decides a vector.")
    weights: str
    trained: bool = Field(
        description="False: the weights are random, and matches show colour and texture only."
    )

    @classmethod
    def of(cls, embedder: "Embedder") -> Self:
        weights = embedder.weights
        return cls(fingerprint=embedder.fingerprint, weights=weights.kind, trained=weights.trained)
