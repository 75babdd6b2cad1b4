"""Rows of a table in which each row is a product."""

from collections.abc import Callable, Iterable, Iterator

from service.catalog.errors import InvalidProduct
from service.catalog.sources import cells
from service.catalog.sources.base import Entry, Record, Reject
from service.catalog.sources.rows import Row


def records_of(
    rows: Iterable[Row | Reject], record: Callable[[Row], Record], id_column: str
) -> Iterator[Entry]:
    """Each row as the record that is made of it, or as the reason why there is none."""
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        try:
            yield record(row)
        except InvalidProduct as error:
            yield Reject(row.where, str(error), cells.id_or_nothing(row.cells.get(id_column)))
