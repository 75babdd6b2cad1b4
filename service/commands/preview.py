"""What an ingestion would read: the first rows as they are mapped, and nothing written."""

from itertools import islice

from rich.markup import escape
from rich.table import Column, Table

from service.catalog.errors import CatalogError
from service.catalog.products import checked
from service.catalog.sources.base import Entry, ImagePlace, Record, Reject, Source, Url, expected
from service.catalog.sources.cells import printable
from service.commands.console import out

_ROWS = 10


def preview(source: Source, limit: int | None) -> None:
    total = expected(source, limit)
    out.print(f"Read as: [bold]{escape(source.name)}[/], about {total:,} records. Nothing is written.")
    _show_mapping(source)
    columns = ("where", "id", "title", "category", "attributes", "images")
    table = Table(*(Column(name, overflow="fold") for name in columns))
    for entry in islice(source.entries(), _ROWS if limit is None else min(_ROWS, limit)):
        table.add_row(*(escape(printable(cell)) for cell in _row(entry)))
    out.print(table)


def _show_mapping(source: Source) -> None:
    table = Table("field", "comes from")
    for field, origin in source.mapping().items():
        table.add_row(escape(printable(field)), escape(printable(origin)))
    out.print(table)


def _row(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, Reject):
        return entry.where, entry.product_id, f"rejected: {entry.reason}", "", "", ""
    try:
        product = checked(entry.product)
    except CatalogError as error:
        return entry.where, entry.product.id, f"rejected: {error}", "", "", ""
    attributes = ", ".join(f"{name}={value}" for name, value in product.attributes.items())
    return entry.where, product.id, product.title, product.category, attributes, _images(entry)


def _images(record: Record) -> str:
    return ", ".join(map(_image, record.images))


def _image(place: ImagePlace) -> str:
    return place.address if isinstance(place, Url) else str(place)
