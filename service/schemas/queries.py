"""What a search may be asked, in JSON. Forms and addresses ask the same: routes/queries.py."""

from functools import partial
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from embedder import CropBox
from service.catalog.calibration.closeness import Closeness
from service.catalog.products import MAX_ID
from service.catalog.ranking import CANDIDATES
from service.catalog.reranking.methods import Rerank
from service.catalog.searching import Example, ImageExample, Query
from service.catalog.sent import SentImages
from service.schemas.pictures import ImageBase64, ImageUrl
from service.schemas.search import Part

MAX_LIMIT = 100
MAX_OFFSET = 1_000
MAX_EXCLUDED = 500
MAX_BATCH = 64
MAX_BATCH_PICTURES = 500
MAX_EXAMPLES = 32
LOWEST_SCORE = -1.0
EVERYTHING: tuple[Part, ...] = ("attributes", "dominant_colours")

FILTER = (
    "Conditions on the products' attributes, which must all hold. A value, a list of values of which one must be "
    'there, a range (`gt`, `gte`, `lt`, `lte`), `{"not": ...}` or `{"exists": true}`.'
)
FILTER_EXAMPLE = {"baseColour": ["Navy", "Blue"], "year": {"gte": 2023}}
CATEGORY = (
    "Search inside this category, such as `Apparel/Topwear`. Empty: the whole catalogue. `auto`: the one in which "
    "most of the nearest products stand; the answer tells which."
)
LIMIT = "How many products at most."
OFFSET = "How many of the nearest to pass over: the next page begins at `offset` + `limit`."
MIN_SCORE = "Leave out what is less alike than this."
MIN_MATCH = (
    "`fair` or `strong` leave out what is less close than that, as `match` tells it: of a picture that nothing here "
    "looks like, the answer is empty. `weak`: nothing is left out."
)
EXCLUDE = "Ids of products to leave out: what the shopper has seen, or has in the basket."
DIVERSITY = "0: the nearest. Towards 1 it counts more that the results differ from each other."
RERANK = (
    f"In which order the {CANDIDATES} nearest come. `none`: by score. In the others, those that are found have a say: "
    "`query_expansion` looks for what the first of them have in common, `database_augmentation` compares each together "
    "with the ones most like it, `k_reciprocal` asks who is among whose nearest. Scores stay what they are. With "
    "`diversity`, that chooses among them in this order. `default`: what this shop has set."
)
INCLUDE = (
    "What to tell of each product beside its name, category and score. `image_base64` carries the picture itself, "
    "for who cannot ask for it by its address."
)

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
ProductIdIn = Annotated[str, Field(min_length=1, max_length=MAX_ID)]
RerankIn: TypeAlias = Rerank | Literal["default"]


def asked_rerank(said: RerankIn) -> Rerank | None:
    return None if said == "default" else said


class CropIn(BaseModel):
    """A part of the picture as a person sees it, in fractions of its width and height."""

    model_config = ConfigDict(extra="forbid", strict=True)

    left: Fraction
    top: Fraction
    right: Fraction
    bottom: Fraction

    def box(self) -> CropBox:
        return CropBox(self.left, self.top, self.right, self.bottom)


class SearchOptions(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    category: Annotated[str, Field(max_length=1_000, description=CATEGORY)] = ""
    filter: Annotated[
        dict[str, Any], Field(max_length=64, description=FILTER, examples=[FILTER_EXAMPLE])
    ] = {}
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description=LIMIT)] = 10
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET, description=OFFSET)] = 0
    min_score: Annotated[float, Field(ge=LOWEST_SCORE, le=1, allow_inf_nan=False, description=MIN_SCORE)] = (
        LOWEST_SCORE
    )
    min_match: Annotated[Closeness, Field(description=MIN_MATCH)] = "weak"
    exclude: Annotated[list[ProductIdIn], Field(max_length=MAX_EXCLUDED, description=EXCLUDE)] = []
    diversity: Annotated[Fraction, Field(description=DIVERSITY)] = 0.0
    rerank: Annotated[RerankIn, Field(description=RERANK)] = "default"
    include: Annotated[list[Part], Field(max_length=8, description=INCLUDE)] = list(EVERYTHING)

    def query(self) -> Query:
        return Query(
            category=self.category or None,
            filter=self.filter,
            limit=self.limit,
            min_score=self.min_score if self.min_score > LOWEST_SCORE else None,
            offset=self.offset,
            min_match=self.min_match,
            exclude=self.exclude,
            diversity=self.diversity,
            rerank=asked_rerank(self.rerank),
        )


class ExampleIn(BaseModel):
    """A product of the catalogue, or a picture: its address, or the file itself."""

    model_config = ConfigDict(extra="forbid", strict=True)

    product_id: Annotated[ProductIdIn | None, Field(description="One of the catalogue's.")] = None
    image_url: ImageUrl | None = None
    image_base64: ImageBase64 | None = None
    crop: CropIn | None = Field(None, description="This part of the picture alone.")

    @model_validator(mode="after")
    def _one_of_the_three(self) -> Self:
        if [self.product_id, self.image_url, self.image_base64].count(None) != 2:
            raise ValueError("Give one of product_id, image_url and image_base64.")
        if self.crop is not None and self.product_id is not None:
            raise ValueError("crop is for image_url and image_base64: of a product, all is compared.")
        return self

    def example(self, images: SentImages) -> Example:
        if self.product_id is not None:
            return self.product_id
        crop = self.crop.box() if self.crop else None
        if self.image_url is not None:
            return ImageExample(partial(images.held, self.image_url), crop)
        return ImageExample(partial(images.inside, self.image_base64 or ""), crop)


class SearchIn(SearchOptions, ExampleIn):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"product_id": "10023", "category": "auto", "limit": 5}]},
    )


class BatchIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"queries": [{"product_id": "10023", "limit": 3}, {"product_id": "10031", "limit": 3}]}
            ]
        },
    )

    queries: Annotated[
        list[SearchIn],
        Field(min_length=1, max_length=MAX_BATCH, description="Each as for `POST /v1/search`."),
    ]

    @model_validator(mode="after")
    def _not_too_many_pictures(self) -> Self:
        pictures = sum(query.limit for query in self.queries if "image_base64" in query.include)
        if pictures > MAX_BATCH_PICTURES:
            raise ValueError(
                f"image_base64 is for {MAX_BATCH_PICTURES} results at most, in all queries together."
            )
        return self


class RecommendIn(SearchOptions):
    """A shopper's taste."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"liked": [{"product_id": "10023"}], "disliked": [{"product_id": "10031"}], "limit": 5}
            ]
        },
    )

    liked: Annotated[
        list[ExampleIn], Field(min_length=1, max_length=MAX_EXAMPLES, description="More like these.")
    ]
    disliked: Annotated[
        list[ExampleIn], Field(max_length=MAX_EXAMPLES, description="And less like those.")
    ] = []
