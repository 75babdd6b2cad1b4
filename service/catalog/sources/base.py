"""What every source gives: records to be written, and rejects with their reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from service.catalog.products import Product

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})


@dataclass(frozen=True, slots=True)
class Url:
    """An image that lies elsewhere, and is fetched when its turn comes."""

    address: str


ImagePlace: TypeAlias = Path | Url


@dataclass(frozen=True, slots=True)
class Record:
    where: str
    """Where in the source it stands, for the person who has to mend it."""
    product: Product
    images: tuple[ImagePlace, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    where: str
    reason: str
    product_id: str = ""
    """Where it could be read: a product that cannot be taken in now has not left the source."""
    hides_products: bool = True
    """Without an id, products of which nobody can say whether the source still has them may stand behind it."""


Entry: TypeAlias = Record | Reject


class Source(Protocol):
    name: str

    def entries(self) -> Iterator[Entry]: ...

    def count(self) -> int:
        """How many entries to expect, for a progress bar: cheap, and not exact."""
        ...

    def mapping(self) -> dict[str, str]:
        """Field by field, where it comes from, in words for the person who tries a source out."""
        ...


def expected(source: Source, limit: int | None) -> int:
    count = source.count()
    return count if limit is None else min(count, limit)
