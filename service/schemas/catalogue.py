from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.categories import Category
from service.schemas.embedder import EmbedderOut


class CategoryOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Apparel",
                "path": "Apparel",
                "products": 12,
                "children": [{"name": "Dresses", "path": "Apparel/Dresses", "products": 12, "children": []}],
            }
        }
    )

    name: str
    path: str
    products: int
    children: list["CategoryOut"]

    @classmethod
    def of(cls, category: Category) -> Self:
        return cls(
            name=category.name,
            path=category.path,
            products=category.products,
            children=[cls.of(child) for child in category.children],
        )


class CategoriesOut(BaseModel):
    products: int
    categories: list[CategoryOut]


class DeviceOut(EmbedderOut):
    backbone: str
    dim: int
    device: str
    precision: str
    runtime: Literal["compiled", "eager"] = Field(
        description="Eager until the network is compiled, if it can be."
    )
    learned: list[str] = Field(
        default=[],
        description="Where the model was learned, its files, as they are called in models/learned of the data folder.",
    )


class StoreOut(BaseModel):
    kind: Literal["embedded", "server"]
    generation: str


class StatusOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "version": "0.1.0",
                "products": 400,
                "images": 412,
                "embedder": {
                    "fingerprint": "resnet50.imagenet-v1.224.unit.737e0a588bd2",
                    "weights": "imagenet-v1",
                    "trained": True,
                    "backbone": "resnet50",
                    "dim": 2048,
                    "device": "cpu",
                    "precision": "bfloat16",
                    "runtime": "compiled",
                    "learned": [],
                },
                "store": {"kind": "embedded", "generation": "g000001"},
            }
        }
    )

    version: str
    products: int
    images: int
    embedder: DeviceOut
    store: StoreOut


class ProblemOut(BaseModel):
    """RFC 9457. `code` is stable: programs may depend on it; `detail` is for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str = Field(
        "", description="The answer's `X-Request-ID`, by which the log's lines are found."
    )
