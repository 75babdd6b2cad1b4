"""Any table: a row is a product, or one image of it where rows with the same id follow each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from service.catalog.errors import InvalidProduct, InvalidSource
from service.catalog.products import MAX_IMAGES, Product
from service.catalog.sources import cells
from service.catalog.sources.base import Entry, ImagePlace, Record, Reject
from service.catalog.sources.columns import Columns
from service.catalog.sources.csv_rows import CsvRows
from service.catalog.sources.jsonl_rows import JsonlRows
from service.catalog.sources.options import SourceOptions
from service.catalog.sources.parquet_rows import ParquetRows
from service.catalog.sources.places import Places
from service.catalog.sources.rows import (
    CSV_SUFFIXES,
    JSONL_SUFFIXES,
    PARQUET_SUFFIXES,
    TABLE_SUFFIXES,
    Row,
    Rows,
)
from service.catalog.sources.settling import settled


class TableSource:
    def __init__(self, path: Path, options: SourceOptions | None = None) -> None:
        options = options or SourceOptions()
        self.name = path.name
        self._rows = open_rows(path)
        self._columns = settled(path.name, self._rows.columns, options)
        self._places = Places(options.images or path.parent)
        self._separator = options.separator

    def count(self) -> int:
        return self._rows.count()

    def mapping(self) -> dict[str, str]:
        return self._columns.words()

    def entries(self) -> Iterator[Entry]:
        gathered: _Gathered | None = None
        for row in self._rows.rows(self._columns.wanted()):
            if isinstance(row, Reject):
                yield row
                continue
            try:
                product_id = self._id(row)
                if gathered is None or gathered.id != product_id:
                    if gathered is not None:
                        yield from self._finished(gathered)
                    gathered = _Gathered(product_id, row)
                gathered.add(self._images(row))
            except InvalidProduct as error:
                yield Reject(row.where, str(error), cells.id_or_nothing(row.cells.get(self._columns.id)))
                if gathered is not None and gathered.first is row:
                    gathered.told = True
        if gathered is not None:
            yield from self._finished(gathered)

    def _id(self, row: Row) -> str:
        if product_id := cells.text(row.cells.get(self._columns.id)):
            return product_id
        raise InvalidProduct("The row has no id.")

    def _images(self, row: Row) -> list[ImagePlace]:
        found = (row.cells.get(column) for column in self._columns.images)
        return [self._places.find(said) for cell in found for said in cells.texts(cell, self._separator)]

    def _finished(self, gathered: "_Gathered") -> Iterator[Entry]:
        where = gathered.first.where
        try:
            if gathered.images:
                product = _product(gathered.id, gathered.first, self._columns, self._separator)
                yield Record(where, product, tuple(gathered.images))
            elif not gathered.told:
                yield Reject(where, "The row names no image.", gathered.id)
        except InvalidProduct as error:
            yield Reject(where, str(error), gathered.id)


@dataclass(slots=True)
class _Gathered:
    """A product while its rows come: the first one says what it is, each adds its images."""

    id: str
    first: Row
    images: dict[ImagePlace, None] = field(default_factory=dict)
    told: bool = False

    def add(self, images: list[ImagePlace]) -> None:
        # One too many is enough to be refused for: a file of one id must not fill the memory.
        self.images |= dict.fromkeys(images[: MAX_IMAGES + 1 - len(self.images)])


def open_rows(path: Path) -> Rows:
    suffix = path.suffix.lower()
    if suffix in CSV_SUFFIXES:
        return CsvRows(path)
    if suffix in JSONL_SUFFIXES:
        return JsonlRows(path)
    if suffix in PARQUET_SUFFIXES:
        return ParquetRows(path)
    raise InvalidSource(f"{path} is no table: their names end in {', '.join(sorted(TABLE_SUFFIXES))}.")


def _product(product_id: str, row: Row, columns: Columns, separator: str) -> Product:
    category = cells.path([row.cells.get(column) for column in columns.category])
    if not category:
        raise InvalidProduct("The row has no category.")
    title = cells.text(row.cells.get(columns.title)) if columns.title else ""
    kept = {}
    for attribute in columns.attributes:
        cell = row.cells.get(attribute.column)
        if not cells.is_nothing(cell):
            kept[attribute.name] = cells.value(cell, attribute.kind, separator)
    return Product(product_id, category, title, kept)
