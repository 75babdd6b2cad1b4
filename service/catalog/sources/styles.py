"""`styles.csv` + `images/`: the layout of the fashion-product-images data sets, with their real files' faults."""

import _csv
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from service.catalog.attributes import Attributes
from service.catalog.products import Product
from service.catalog.sources.base import IMAGE_SUFFIXES, Entry, Record, Reject

_CATEGORY = ("masterCategory", "subCategory", "articleType")
_TITLE = "productDisplayName"
_COMPOSED_TITLE = ("gender", "baseColour", "articleType")
_NOT_ATTRIBUTES = {"id", _TITLE, *_CATEGORY}
_NUMBERS = {"year"}
_MOST_DIGITS = 15
_NOTHING = {"", "NA", "N/A", "nan", "null"}


class StylesSource:
    name = "styles.csv"

    def __init__(self, folder: Path) -> None:
        self._table = folder / "styles.csv"
        self._images = folder / "images"

    def count(self) -> int:
        with self._table.open("rb") as file:
            return max(0, sum(1 for _ in file) - 1)

    def entries(self) -> Iterator[Entry]:
        images: dict[str, Path] = {}
        for path in self._image_files():
            if images.setdefault(path.stem, path) != path:
                yield Reject(f"images/{path.name}", f"{images[path.stem].name} has the same name already.")
        unused = dict(images)
        with self._table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = csv.reader(file)
            header = [name.strip() for name in next(rows, [])]
            for line, row in _numbered(rows):
                where = f"{self._table.name} line {line}"
                if isinstance(row, str):
                    yield Reject(where, row)
                elif row:
                    fields = _fields(header, row)
                    unused.pop((fields or {}).get("id", ""), None)
                    yield _entry(where, fields, images) if fields else Reject(where, _mismatch(header, row))
        for path in unused.values():
            yield Reject(f"images/{path.name}", f"No row of {self._table.name} has this image.")

    def _image_files(self) -> Iterator[Path]:
        if self._images.is_dir():
            yield from (p for p in sorted(self._images.iterdir()) if p.suffix.lower() in IMAGE_SUFFIXES)


def _numbered(rows: "_csv.Reader") -> Iterator[tuple[int, list[str] | str]]:
    """Line numbers as an editor shows them; a line the csv module cannot read comes as its reason."""
    while True:
        line = rows.line_num + 1
        try:
            yield line, next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"The line is no CSV: {error}."


def _mismatch(header: list[str], row: list[str]) -> str:
    return f"The line has {len(row)} fields, the header {len(header)}."


def _entry(where: str, fields: dict[str, str], images: dict[str, Path]) -> Entry:
    product_id = fields.get("id", "")
    if product_id in _NOTHING:
        return Reject(where, "The line has no id.")
    if product_id not in images:
        return Reject(where, f"There is no image images/{product_id}.jpg.")
    names = [fields.get(name, "").replace("/", "-") for name in _CATEGORY]
    category = "/".join(name for name in names if name not in _NOTHING)
    if not category:
        return Reject(where, "The line has no category.")
    title = fields.get(_TITLE, "")
    if title in _NOTHING:
        title = " ".join(fields[name] for name in _COMPOSED_TITLE if fields.get(name, "") not in _NOTHING)
    product = Product(product_id, category, title, _attributes(fields))
    return Record(where, product, (images[product_id],))


def _fields(header: list[str], row: list[str]) -> dict[str, str] | None:
    """The real file has names with commas and without quotes: what is too much belongs to the name."""
    surplus = len(row) - len(header)
    if surplus > 0 and _TITLE in header:
        at = header.index(_TITLE)
        row = [*row[:at], ",".join(row[at : at + surplus + 1]), *row[at + surplus + 1 :]]
    if len(row) != len(header):
        return None
    return {name: value.strip() for name, value in zip(header, row, strict=True)}


def _attributes(fields: dict[str, str]) -> Attributes:
    given = ((n, v) for n, v in fields.items() if n not in _NOT_ATTRIBUTES and v not in _NOTHING)
    return {name: _number(value) if name in _NUMBERS else value for name, value in given}


def _number(value: str) -> int | str:
    # The data set's pandas exports write 2012.0.
    digits = value.removesuffix(".0")
    return int(digits) if digits.isdecimal() and len(digits) <= _MOST_DIGITS else value


def is_styles(folder: Path) -> bool:
    table = folder / "styles.csv"
    if not table.is_file():
        return False
    with table.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return any("id" in [name.strip() for name in row] for row in islice(csv.reader(file), 1))
