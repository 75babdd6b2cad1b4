"""Which products there are: decided by the seed alone, before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from service.catalog.sample.kinds import KINDS, Kind
from service.catalog.sample.palette import SWATCHES, Swatch

COLUMNS = (
    "id",
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "year",
    "usage",
    "productDisplayName",
    "pattern",
)
_FIRST_ID = 10001
_POSSESSIVES = {"Men": "Men's", "Women": "Women's", "Boys": "Boys'", "Girls": "Girls'", "Unisex": ""}


T = TypeVar("T")


@dataclass(frozen=True)
class SampleProduct:
    id: int
    kind: Kind
    gender: str
    swatch: Swatch
    pattern: str
    season: str
    year: int
    usage: str

    @property
    def name(self) -> str:
        pattern = "" if self.pattern == "Solid" else self.pattern
        words = (_POSSESSIVES[self.gender], pattern, self.swatch.name, self.kind.noun)
        return " ".join(word for word in words if word)

    def row(self) -> tuple[str, ...]:
        return (
            str(self.id),
            self.gender,
            *self.kind.path,
            self.swatch.name,
            self.season,
            str(self.year),
            self.usage,
            self.name,
            self.pattern,
        )


def sample_products(count: int, seed: int) -> list[SampleProduct]:
    """Every article type gets an even share, and within it each of its colours and patterns does."""
    pick = Random(f"products {seed}")
    kinds = _dealt(KINDS, count, pick)
    colours = {kind.path: iter(_dealt(kind.colours, count, pick)) for kind in KINDS}
    patterns = {kind.path: iter(_dealt(("Solid", *kind.prints), count, pick)) for kind in KINDS}
    return [
        SampleProduct(
            id=_FIRST_ID + index,
            kind=kind,
            gender=pick.choice(kind.genders),
            swatch=SWATCHES[next(colours[kind.path])],
            pattern=next(patterns[kind.path]),
            season=pick.choice(kind.seasons),
            year=pick.choice((2023, 2024, 2025)),
            usage=pick.choice(kind.usages),
        )
        for index, kind in enumerate(kinds)
    ]


def _dealt(cards: Sequence[T], count: int, pick: Random) -> list[T]:
    """As many cards as asked for, from one shuffled deck after another."""
    dealt: list[T] = []
    while len(dealt) < count:
        dealt += pick.sample(cards, len(cards))
    return dealt[:count]
