"""Labels in the file name, `brand_product_number.png`: the layout of the style-color-images data set.

A `style.csv` beside the images, or above their folder, says which name a label stands for.
"""

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from service.catalog.errors import InvalidProduct, InvalidSource
from service.catalog.products import Product
from service.catalog.sources import cells
from service.catalog.sources.base import IMAGE_SUFFIXES, Entry, Record, Reject
from service.catalog.sources.csv_rows import CsvRows

TABLE = "style.csv"
_FOLDERS = (".", "style", "images")
_CODED = re.compile(r"([^_]+)_([^_]+)_([0-9]+)")
_LABELS = {"brand": ("brand_label", "brand_name"), "product": ("product_label", "product_name")}
_LOOKED_AT = 50


class NamesSource:
    name = "labels in file names"

    def __init__(self, folder: Path, images: Path | None = None) -> None:
        self._images = images or image_folder(folder) or folder
        self._table = CsvRows(folder / TABLE) if is_names_table(folder) else None

    def count(self) -> int:
        return sum(1 for _ in _image_names(self._images))

    def mapping(self) -> dict[str, str]:
        named = f", named by {TABLE}" if self._table else ""
        return {
            "id": "the image's file name, brand_product_number",
            "category": f"its second part{named}",
            "title": "brand and product",
            "images": "the image itself",
            "attribute brand": f"its first part{named}",
        }

    def entries(self) -> Iterator[Entry]:
        names: dict[tuple[str, str], str] = {}
        if self._table is not None:
            yield from _learned(names, self._table)
        for file in sorted(_image_names(self._images)):  # in one order, whenever they are read
            yield self._entry(file, names)

    def _entry(self, file: str, names: dict[tuple[str, str], str]) -> Entry:
        coded = _CODED.fullmatch(Path(file).stem)
        if coded is None:
            return Reject(file, "The name is not made like brand_product_number.")
        brand = names.get(("brand", coded[1]), coded[1])
        product = names.get(("product", coded[2]), coded[2])
        made = Product(file, product.replace("/", "-"), f"{brand} {product}", {"brand": brand})
        return Record(file, made, (self._images / file,))


def image_folder(folder: Path) -> Path | None:
    """Where the images with labels in their names lie."""
    return next((folder / name for name in _FOLDERS if _holds_coded_names(folder / name)), None)


def is_names_table(folder: Path) -> bool:
    try:
        return {column for pair in _LABELS.values() for column in pair} <= {*CsvRows(folder / TABLE).columns}
    except InvalidSource:
        return False


def _holds_coded_names(folder: Path) -> bool:
    first = [Path(name).stem for name in islice(_image_names(folder), _LOOKED_AT)]
    return bool(first) and all(map(_CODED.fullmatch, first))


def _image_names(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        with os.scandir(folder) as files:
            yield from (
                file.name
                for file in files
                if Path(file.name).suffix.lower() in IMAGE_SUFFIXES and not file.name.startswith(".")
            )


def _learned(names: dict[tuple[str, str], str], table: CsvRows) -> Iterator[Reject]:
    """As large as there are labels; the first name of a label counts."""
    for row in table.rows():
        if isinstance(row, Reject):
            yield Reject(row.where, row.reason, hides_products=False)
            continue
        try:
            for what, (label, name) in _LABELS.items():
                if said := cells.text(row.cells[name]):
                    names.setdefault((what, cells.text(row.cells[label])), said)
        except InvalidProduct as error:
            yield Reject(row.where, str(error), hides_products=False)
