"""What every source gives: records to be written, and rejects with their reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from service.catalog.products import Product

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})


@dataclass(frozen=True, slots=True)
class Record:
    where: str
    """Where in the source it stands, for the person who has to mend it."""
    product: Product
    images: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    where: str
    reason: str


Entry: TypeAlias = Record | Reject


class Source(Protocol):
    name: str

    def entries(self) -> Iterator[Entry]: ...

    def count(self) -> int:
        """How many entries to expect, for a progress bar: cheap, and not exact."""
        ...
