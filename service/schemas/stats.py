from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from service.catalog.filtering import condition_of
from service.catalog.parts import Counted, CrossTable, Distribution, Overview, Part, PartKind


class PartOut(BaseModel):
    value: str
    products: int
    condition: Any = Field(
        description="What a `filter` says under this name to find just these products. Null for categories, which a "
        "search names as its `category`."
    )

    @classmethod
    def of(cls, part: Part, kind: PartKind) -> Self:
        condition = None if kind == "category" else condition_of(part.where)
        return cls(value=part.label, products=part.products, condition=condition)


class DistributionOut(BaseModel):
    name: str
    kind: PartKind = Field(description="What its values are.")
    values: list[PartOut] = Field(
        description="The most frequent first, or in their order where they are ranges."
    )
    others: int | None = Field(description="Products with a value beside those shown. Null: there is none.")
    without: int | None = Field(description="Products without a value. Null: every one has some.")
    note: str

    @classmethod
    def of(cls, found: Distribution) -> Self:
        return cls(
            name=found.name,
            kind=found.kind,
            values=[PartOut.of(part, found.kind) for part in found.parts],
            others=found.others and found.others.products,
            without=found.without and found.without.products,
            note=found.note,
        )


class StatsOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "products": 5,
                "distributions": [
                    {
                        "name": "gender",
                        "kind": "keyword",
                        "values": [
                            {"value": "Women", "products": 3, "condition": "Women"},
                            {"value": "Men", "products": 1, "condition": "Men"},
                        ],
                        "others": None,
                        "without": 1,
                        "note": "",
                    },
                    {
                        "name": "in_stock",
                        "kind": "bool",
                        "values": [
                            {"value": "true", "products": 4, "condition": True},
                            {"value": "false", "products": 1, "condition": False},
                        ],
                        "others": None,
                        "without": None,
                        "note": "",
                    },
                ],
                "counts": [[2, 1], [1, 0], [1, 0]],
            }
        }
    )

    products: int = Field(description="In the whole catalogue.")
    distributions: list[DistributionOut] = Field(description="In the order asked for.")
    counts: list[list[int]] | None = Field(
        description="Where two were asked for: a row for each part of the first, a number for each part of the second. "
        "Its parts are its values, then the others and those without, where they are not null."
    )

    @classmethod
    def of(cls, counted: Counted) -> Self:
        counts = counted.counts if isinstance(counted, CrossTable) else None
        found = [DistributionOut.of(one) for one in _distributions(counted)]
        return cls(products=counted.products, distributions=found, counts=counts)


def _distributions(counted: Counted) -> list[Distribution]:
    match counted:
        case Overview():
            return counted.distributions
        case CrossTable():
            return [counted.rows, counted.columns]
    return [counted]
