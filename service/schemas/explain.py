"""Why two pictures count as alike."""

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.calibration.closeness import Closeness
from service.schemas.embedder import EmbedderOut
from service.schemas.products import IMAGE_EXAMPLE, ImageOut

if TYPE_CHECKING:
    from embedder import Area, Embedder
    from service.catalog.agreement import Cell, Grid, Pair
    from service.catalog.explaining import Explanation, Looked

_SUM = "The network's vector is the mean of what it saw in each region, so the regions' shares add up to `likeness`."
_ROUGHLY = (
    "The network weighs the regions once more before they become a vector, so their shares show where the likeness "
    "comes from, and do not add up to it."
)
_DIGITS = 9


class BoxOut(BaseModel):
    """In fractions of the picture's width and height, upright."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, area: "Area") -> Self:
        return cls(**{name: round(edge, _DIGITS) for name, edge in area._asdict().items()})


class CellOut(BaseModel):
    row: int = Field(description="From the top, from 0.")
    column: int = Field(description="From the left, from 0.")

    @classmethod
    def of(cls, cell: "Cell") -> Self:
        return cls(row=cell[0], column=cell[1])


class PairOut(BaseModel):
    query: CellOut
    match: CellOut
    adds: float = Field(description="What this pair alone adds to the likeness.")

    @classmethod
    def of(cls, pair: "Pair") -> Self:
        return cls(query=CellOut.of(pair.query), match=CellOut.of(pair.match), adds=round(pair.adds, _DIGITS))


class LookedOut(BaseModel):
    """One of the two pictures."""

    product_id: str | None = Field(description="Null for an uploaded picture.")
    image: ImageOut | None = Field(description="Null for an uploaded picture.")
    grid: list[list[float]] = Field(
        description="What each region adds to the likeness, row by row from the top."
    )
    box: BoxOut = Field(
        description="Where the grid lies on the whole picture. A region is where its middle is, so the first row and "
        "column may reach a little beyond the edge."
    )
    seen: BoxOut = Field(description="The part of the whole picture that was looked at.")

    @classmethod
    def of(cls, looked: "Looked", adds: "Grid") -> Self:
        return cls(
            product_id=looked.product.id if looked.product else None,
            image=ImageOut.of(looked.image) if looked.image else None,
            grid=adds.round(_DIGITS).tolist(),
            box=BoxOut.of(looked.on_the_whole(looked.grid)),
            seen=BoxOut.of(looked.on_the_whole(looked.seen)),
        )


class ExplainOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "score": 0.884,
                "distance": 0.482,
                "closeness": "strong",
                "percentile": 99.2,
                "likeness": 0.884,
                "exact": True,
                "method": _SUM,
                "query": {
                    "product_id": None,
                    "image": None,
                    "grid": [[0.009, 0.011], [0.497, 0.367]],
                    "box": {"left": 0.002, "top": 0.002, "right": 0.877, "bottom": 0.877},
                    "seen": {"left": 0.0625, "top": 0.0625, "right": 0.9375, "bottom": 0.9375},
                },
                "match": {
                    "product_id": "10023",
                    "image": IMAGE_EXAMPLE,
                    "grid": [[0.02, 0.014], [0.403, 0.447]],
                    "box": {"left": 0.002, "top": 0.002, "right": 0.877, "bottom": 0.877},
                    "seen": {"left": 0.0625, "top": 0.0625, "right": 0.9375, "bottom": 0.9375},
                },
                "pairs": [{"query": {"row": 1, "column": 0}, "match": {"row": 1, "column": 1}, "adds": 0.21}],
                "embedder": {
                    "fingerprint": "resnet50.weights-0676ba61.224.unit.0b7c7a4e1f2d",
                    "weights": "imagenet-v1",
                    "trained": True,
                },
            }
        }
    )

    score: float = Field(description="As a search scores it.")
    distance: float = Field(description="Euclidean distance between the vectors.")
    closeness: Closeness | None = Field(description="What a search tells as `match`.")
    percentile: float | None = Field(description="As a search tells it.")
    likeness: float = Field(
        description="The cosine of the vectors: what is explained. Under cosine it is the score."
    )
    exact: bool = Field(description="Whether each grid adds up to the likeness.")
    method: str = Field(description="How it was computed, in words.")
    query: LookedOut
    match: LookedOut
    pairs: list[PairOut] = Field(
        description="The pairs of regions that agree most; no region is in two of them."
    )
    embedder: EmbedderOut

    @classmethod
    def of(cls, explanation: "Explanation", embedder: "Embedder") -> Self:
        agreement = explanation.agreement
        return cls(
            score=explanation.score,
            distance=explanation.distance,
            closeness=explanation.closeness,
            percentile=explanation.percentile,
            likeness=explanation.likeness,
            exact=explanation.exact,
            method=_SUM if explanation.exact else _ROUGHLY,
            query=LookedOut.of(explanation.query, agreement.query),
            match=LookedOut.of(explanation.match, agreement.match),
            pairs=[PairOut.of(pair) for pair in agreement.pairs],
            embedder=EmbedderOut.of(embedder),
        )
