"""`fashion.csv`: the layout of the fashion-images data set, whose rows name an image file and its address."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.catalog.errors import InvalidProduct, InvalidSource
from service.catalog.products import Product
from service.catalog.sources import cells
from service.catalog.sources.base import Entry, ImagePlace, Record
from service.catalog.sources.csv_rows import CsvRows
from service.catalog.sources.places import Places
from service.catalog.sources.records import records_of
from service.catalog.sources.rows import Row

TABLE = "fashion.csv"
_ID = "ProductId"
_TITLE = "ProductTitle"
_CATEGORY = ("Category", "SubCategory", "ProductType")
_IMAGE = "Image"
_ADDRESS = "ImageURL"
_NOT_ATTRIBUTES = {"", _ID, _TITLE, _IMAGE, _ADDRESS, *_CATEGORY}
_FOLDERS = ("{Category}/{Gender}/Images/images_with_product_ids", ".", "images")


class FashionSource:
    name = TABLE

    def __init__(self, folder: Path, images: Path | None = None) -> None:
        self._rows = CsvRows(folder / TABLE, spills=_TITLE)
        self._places = Places(images or folder)

    def count(self) -> int:
        return self._rows.count()

    def mapping(self) -> dict[str, str]:
        return {
            "id": f"column {_ID}",
            "category": f"columns {' / '.join(_CATEGORY)}",
            "title": f"column {_TITLE}",
            "images": f"the file that column {_IMAGE} names, else the address in column {_ADDRESS}",
            **{f"attribute {column}": f"column {column}" for column in self._attributes()},
        }

    def entries(self) -> Iterator[Entry]:
        return records_of(self._rows.rows(), self._record, _ID)

    def _record(self, row: Row) -> Record:
        product_id = cells.text(row.cells.get(_ID))
        category = cells.path([row.cells.get(name) for name in _CATEGORY])
        if not product_id:
            raise InvalidProduct("The line has no id.")
        if not category:
            raise InvalidProduct("The line has no category.")
        told = {name: cells.text(row.cells[name]) for name in self._attributes()}
        kept = {name: value for name, value in told.items() if value}
        product = Product(product_id, category, cells.text(row.cells.get(_TITLE)), {**kept})
        return Record(row.where, product, (self._image(row, product_id),))

    def _attributes(self) -> list[str]:
        return [column for column in self._rows.columns if column not in _NOT_ATTRIBUTES]

    def _image(self, row: Row, product_id: str) -> ImagePlace:
        name = cells.text(row.cells.get(_IMAGE)) or f"{product_id}.jpg"
        for folder in _FOLDERS:
            if path := self._places.inside(f"{_filled(folder, row)}/{name}"):
                return path
        if address := cells.text(row.cells.get(_ADDRESS)):
            return self._places.find(address)
        raise InvalidProduct(f"There is no image {cells.shown(name)}, and the line has no address of one.")


def is_fashion(folder: Path) -> bool:
    try:
        columns = CsvRows(folder / TABLE).columns
    except InvalidSource:
        return False
    return _ID in columns and not {_IMAGE, _ADDRESS}.isdisjoint(columns)


def _filled(folder: str, row: Row) -> str:
    def level(name: str) -> Any:
        return cells.text(row.cells.get(name)).replace("/", "-")

    return folder.format(Category=level("Category"), Gender=level("Gender"))
