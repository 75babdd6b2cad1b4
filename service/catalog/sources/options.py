"""What a person can say about a source when the guess is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.catalog import attributes
from service.catalog.errors import InvalidProduct, InvalidSource

LAYOUTS = ("folder", "styles", "fashion", "names", "table")
KINDS = ("text", "number", "bool", "list")
OWN_FIELDS = ("id", "title", "category", "image")

_EXAMPLE = "for instance `image=photo_url` or `price:number=Price`"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    layout: str | None = None
    """One of LAYOUTS; None lets the source be recognised by what it holds."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to column, as `column_map` reads it: own fields, else attributes, `name:number` where typed."""
    category_from: tuple[str, ...] = ()
    """The columns that a category path is composed of, its first level first."""
    images: Path | None = None
    """Where local images lie, and what they may not lead out of; None: the source's own place for them."""
    separator: str = "|"
    """Stands between the values of one cell: several images, or an attribute of the kind list."""


def column_map(said: Iterable[str]) -> dict[str, str]:
    """Reads `FIELD=COLUMN`, once for each. Several columns of images or category: commas, or said again."""
    columns: dict[str, str] = {}
    for pair in said:
        name, equals, column = (part.strip() for part in pair.partition("="))
        if not (name and equals and column):
            raise InvalidSource(f"{pair!r} maps nothing: write FIELD=COLUMN, {_EXAMPLE}.")
        name = "image" if name == "images" else name
        _check_field(name)
        if name in columns and name not in {"image", "category"}:
            raise InvalidSource(f"{name!r} is mapped twice, to {columns[name]!r} and to {column!r}.")
        columns[name] = f"{columns[name]},{column}" if name in columns else column
    return columns


def kind_in(name: str) -> tuple[str, str | None]:
    """`price:number` gives price and number."""
    plain, colon, kind = name.rpartition(":")
    return (plain, kind) if colon else (name, None)


def _check_field(name: str) -> None:
    plain, kind = kind_in(name)
    if kind is not None and kind not in KINDS:
        raise InvalidSource(f"{kind!r} in {name!r} is no kind of attribute; there are {', '.join(KINDS)}.")
    if kind is not None and plain in OWN_FIELDS:
        raise InvalidSource(f"{plain!r} has a kind already: write `{plain}=COLUMN`.")
    try:
        attributes.checked({plain: ""})
    except InvalidProduct as error:
        raise InvalidSource(str(error)) from error
