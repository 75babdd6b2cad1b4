"""Parquet, a row group at a time, and of it only the columns that are wanted."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Reject
from service.catalog.sources.extras import extra_module
from service.catalog.sources.rows import Row, check_columns, flattened

_BATCH = 256


class ParquetRows:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._parquet = extra_module("pyarrow.parquet", extra="parquet", needed_for=path.name)
        # Its errors are a family of their own, and those of reading are Python's.
        self._errors = (extra_module("pyarrow", "parquet", path.name).ArrowException, OSError, ValueError)
        try:
            with self._parquet.ParquetFile(path) as file:
                columns = _columns(file.schema_arrow)
                self._count = int(file.metadata.num_rows)
        except self._errors as error:
            raise InvalidSource(f"{path} is no Parquet file that can be read.") from error
        check_columns(path, len(columns))
        self.columns = columns

    def count(self) -> int:
        return self._count

    def rows(self, wanted: Sequence[str]) -> Iterator[Row | Reject]:
        with self._parquet.ParquetFile(self._path) as file:
            number = 1
            for group in range(file.metadata.num_row_groups):
                yield from self._group(file, group, number, wanted)
                number += file.metadata.row_group(group).num_rows

    def _group(self, file: Any, group: int, number: int, wanted: Sequence[str]) -> Iterator[Row | Reject]:
        """A group that is damaged is lost from there on; the next one may be whole."""
        try:
            for batch in file.iter_batches(_BATCH, row_groups=[group], columns=[*wanted], use_threads=False):
                for at in range(batch.num_rows):
                    yield self._row(batch, at, number)
                    number += 1
        except self._errors:
            yield Reject(
                f"{self._path.name} row {number}", f"Row group {group} cannot be read from this row on."
            )

    def _row(self, batch: Any, at: int, number: int) -> Row | Reject:
        where = f"{self._path.name} row {number}"
        try:
            (cells,) = batch.slice(at, 1).to_pylist()
        except (*self._errors, OverflowError):  # bytes that are no text, years that Python has not
            return Reject(where, "The row holds a value that cannot be read.")
        return Row(where, flattened(cells))


def _columns(schema: Any) -> list[str]:
    """A struct's fields are columns, as they are in a row."""
    return [
        f"{field.name}.{inner.name}" if inner is not None else field.name
        for field in schema
        for inner in (_fields_of(field.type) or [None])
    ]


def _fields_of(kind: Any) -> list[Any]:
    # A list has fields too: only a struct has names for them.
    return list(kind) if type(kind).__name__ == "StructType" else []
