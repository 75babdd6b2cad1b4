from typing import Literal, Self

from pydantic import BaseModel, Field

from service.catalog.categories import Category
from service.schemas.search import EmbedderOut


class CategoryOut(BaseModel):
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


class StoreOut(BaseModel):
    kind: Literal["embedded", "server"]
    generation: str


class StatusOut(BaseModel):
    version: str
    products: int
    images: int
    embedder: DeviceOut
    store: StoreOut


class HealthOut(BaseModel):
    status: Literal["ok", "ready"]


class ProblemOut(BaseModel):
    """RFC 9457. `code` is stable: programs may depend on it; `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
