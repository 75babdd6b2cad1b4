"""What clients say of products."""

from typing import Annotated, Any, Self

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from service.catalog.attributes import MAX_ATTRIBUTES, Value
from service.catalog.intake import SentProduct
from service.catalog.products import MAX_ID, MAX_IMAGES, MAX_TITLE, Product
from service.catalog.writing import Change, Outcome, State
from service.errors import invalid, problem_of
from service.schemas.catalogue import ProblemOut
from service.schemas.pictures import PictureIn

MAX_BATCH = 64
MAX_BATCH_ADDRESSES = 128

_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAABlBMVEUUHlr6+vpNKNtUAAAAFUlEQVR42mNgQADG/wxMDFDEgEMcAC8KAg0o3myf"
    "AAAAAElFTkSuQmCC"
)
_EXAMPLE: dict[str, Any] = {
    "category": "Apparel/Topwear/Shirts",
    "title": "Striped navy shirt",
    "attributes": {"gender": "Women", "price": 19.9, "in_stock": True},
    "images": [{"image_base64": _PICTURE}],
}

CategoryIn = Annotated[
    str, Field(min_length=1, max_length=1_000, description="A path, `Apparel/Topwear/Shirts`.")
]
TitleIn = Annotated[str, Field(max_length=MAX_TITLE, description="What people call it.")]
ImagesIn = Annotated[
    list[PictureIn],
    Field(min_length=1, max_length=MAX_IMAGES, description="The first stands for the product."),
]


class ProductForm(BaseModel):
    category: CategoryIn
    title: TitleIn = ""
    attributes: Annotated[
        str,
        Field(
            max_length=100_000,
            description='A JSON object: `{"gender": "Women", "price": 19.9, "in_stock": true}`',
        ),
    ] = ""
    images: Annotated[
        list[UploadFile], Field(min_length=1, description="One or more; the first stands for the product.")
    ]


class ProductBody(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    category: CategoryIn
    title: TitleIn = ""
    attributes: Annotated[
        dict[str, Value],
        Field(max_length=MAX_ATTRIBUTES, description="Whatever filters and statistics are to know."),
    ] = {}
    images: ImagesIn

    def sent(self, product_id: str) -> SentProduct:
        return SentProduct(Product(product_id, self.category, self.title, self.attributes), self.images)


class ProductIn(ProductBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "10023", **_EXAMPLE}]})

    id: Annotated[str, Field(min_length=1, max_length=MAX_ID, description="The shop's own.")]


class ProductBatchIn(BaseModel):
    """Whatever is no product is rejected by itself: in place of one, any object is taken."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"products": [{"id": "10023", **_EXAMPLE}]}]}
    )

    products: Annotated[
        list[Annotated[ProductIn | dict[str, Any], Field(union_mode="left_to_right")]],
        Field(min_length=1, max_length=MAX_BATCH, fail_fast=True, description="Each with an id of its own."),
    ]

    @model_validator(mode="after")
    def _not_too_many_addresses(self) -> Self:
        """Servers may take long to answer, and the request waits for all of them."""
        sound = (one for one in self.products if isinstance(one, ProductIn))
        if sum(image.image_url is not None for one in sound for image in one.images) > MAX_BATCH_ADDRESSES:
            raise ValueError(
                f"image_url is for {MAX_BATCH_ADDRESSES} images at most, in all products together."
            )
        return self


class OutcomeOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"example": {"id": "10023", "state": "added", "problem": None}}
    )

    id: str | None = Field(description="Null where what was sent says none.")
    state: State
    problem: ProblemOut | None = Field(description="Why it is rejected.")

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        problem = None if outcome.error is None else ProblemOut(**problem_of(outcome.error))
        return cls(id=outcome.product_id, state=outcome.state, problem=problem)

    @classmethod
    def of_no_product(cls, sent: dict[str, Any]) -> Self:
        try:
            ProductIn.model_validate(sent)
        except ValidationError as error:
            found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            return cls(id=_id_in(sent), state="rejected", problem=ProblemOut(**invalid(found)))
        raise AssertionError("It is a product.")


def _id_in(sent: dict[str, Any]) -> str | None:
    id_ = sent.get("id")
    return id_[:MAX_ID] if isinstance(id_, str) and id_.isprintable() else None


class ProductBatchOut(BaseModel):
    outcomes: list[OutcomeOut] = Field(description="In the order of the products.")


class ChangeIn(BaseModel):
    """What is not given stays as it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "Striped navy shirt", "attributes": {"price": 14.9, "season": None}}]
        },
    )

    category: CategoryIn = Field(default_factory=str)
    title: TitleIn = Field(default_factory=str)
    attributes: Annotated[
        dict[str, Value | None],
        Field(max_length=2 * MAX_ATTRIBUTES, description="Those named are set; one that is null goes."),
    ] = Field(default_factory=dict)

    def change(self) -> Change:
        said = self.model_fields_set
        return Change(
            self.category if "category" in said else None,
            self.title if "title" in said else None,
            self.attributes,
        )
