"""What can be wrong with a picture by itself."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from service.catalog.products import Product

Kind: TypeAlias = Literal["broken", "blank"]
Reason: TypeAlias = Literal[
    "original_missing", "original_damaged", "thumbnail_missing", "thumbnail_damaged", "tiny", "no_detail"
]


@dataclass(frozen=True, slots=True)
class Flaw:
    product: Product
    image: str
    reason: Reason

    @property
    def kind(self) -> Kind:
        return "blank" if self.reason in ("tiny", "no_detail") else "broken"
