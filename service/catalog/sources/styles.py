"""`styles.csv` + `images/`: the layout of the fashion-product-images data sets, with their real files' faults."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.catalog.attributes import Attributes
from service.catalog.errors import InvalidProduct, InvalidSource
from service.catalog.products import Product
from service.catalog.seen import SeenIds
from service.catalog.sources import cells
from service.catalog.sources.base import IMAGE_SUFFIXES, Entry, Record, Reject
from service.catalog.sources.cells import NOTHING
from service.catalog.sources.csv_rows import CsvRows
from service.catalog.sources.places import Places
from service.catalog.sources.records import records_of
from service.catalog.sources.rows import Row

TABLE = "styles.csv"
_CATEGORY = ("masterCategory", "subCategory", "articleType")
_TITLE = "productDisplayName"
_COMPOSED_TITLE = ("gender", "baseColour", "articleType")
_NOT_ATTRIBUTES = {"", "id", _TITLE, *_CATEGORY}
_NUMBERS = {"year"}
_MOST_DIGITS = 15
# The usual one first, because the disk is asked for each in turn.
_SUFFIXES = sorted(IMAGE_SUFFIXES, key=lambda suffix: (not suffix.startswith(".j"), len(suffix), suffix))
_SPELLINGS = [*_SUFFIXES, *map(str.upper, _SUFFIXES)]


class StylesSource:
    name = TABLE

    def __init__(self, folder: Path, images: Path | None = None) -> None:
        self._rows = CsvRows(folder / TABLE, spills=_TITLE)
        self._images = images or folder / "images"
        self._places = Places(self._images)

    def count(self) -> int:
        return self._rows.count()

    def mapping(self) -> dict[str, str]:
        others = [column for column in self._rows.columns if column not in _NOT_ATTRIBUTES]
        return {
            "id": "column id",
            "category": f"columns {' / '.join(_CATEGORY)}",
            "title": f"column {_TITLE}, else {' '.join(_COMPOSED_TITLE)}",
            "images": f"the file in {self._images.name}/ that has the id's name",
            **{f"attribute {column}": f"column {column}" for column in others},
        }

    def entries(self) -> Iterator[Entry]:
        met = SeenIds()

        def record(row: Row) -> Record:
            met.mention(row.cells.get("id", ""))
            return self._record(row)

        yield from records_of(self._rows.rows(), record, "id")
        yield from self._left_over(met)

    def _record(self, row: Row) -> Record:
        product_id = cells.text(row.cells.get("id"))
        if not product_id:
            raise InvalidProduct("The line has no id.")
        image = self._image(product_id)
        if image is None:
            raise InvalidProduct(f"There is no image {self._images.name}/{product_id}.jpg.")
        return Record(row.where, _product(product_id, row.cells), (image,))

    def _image(self, product_id: str) -> Path | None:
        found = (self._places.inside(f"{product_id}{suffix}") for suffix in _SPELLINGS)
        return next((path for path in found if path is not None), None)

    def _left_over(self, met: SeenIds) -> Iterator[Reject]:
        for path in sorted(self._image_files()):
            place = f"{self._images.name}/{path.name}"
            if met.missing([path.stem]):
                yield Reject(place, f"No row of {TABLE} has this image.", hides_products=False)
            elif (taken := self._image(path.stem)) is not None and taken.name != path.name:
                yield Reject(place, f"{taken.name} has the same name already.", hides_products=False)

    def _image_files(self) -> Iterator[Path]:
        if self._images.is_dir():
            with os.scandir(self._images) as files:
                paths = (Path(file.path) for file in files if not file.name.startswith("."))
                yield from (path for path in paths if path.suffix.lower() in IMAGE_SUFFIXES)


def is_styles(folder: Path) -> bool:
    try:
        columns = CsvRows(folder / TABLE).columns
    except InvalidSource:
        return False
    return "id" in columns and not {*_CATEGORY}.isdisjoint(columns)


def _product(product_id: str, row: Mapping[str, str]) -> Product:
    category = cells.path([row.get(name) for name in _CATEGORY])
    if not category:
        raise InvalidProduct("The line has no category.")
    title = cells.text(row.get(_TITLE)) or " ".join(
        word for name in _COMPOSED_TITLE if (word := cells.text(row.get(name)))
    )
    return Product(product_id, category, title, _attributes(row))


def _attributes(row: Mapping[str, str]) -> Attributes:
    given = ((n, cells.text(v)) for n, v in row.items() if n not in _NOT_ATTRIBUTES and v not in NOTHING)
    return {name: _number(value) if name in _NUMBERS else value for name, value in given}


def _number(value: str) -> int:
    # The data set's pandas exports write 2012.0.
    digits = value.removesuffix(".0")
    if not digits.isdecimal() or len(digits) > _MOST_DIGITS:
        raise InvalidProduct(f"{cells.shown(value)} is no number.")
    return int(digits)
