"""A table file of any kind, row by row: never whole in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Reject

CSV_SUFFIXES = frozenset({".csv", ".tsv"})
JSONL_SUFFIXES = frozenset({".jsonl", ".ndjson"})
PARQUET_SUFFIXES = frozenset({".parquet", ".pq"})
MOST_COLUMNS = 1_000
TABLE_SUFFIXES = CSV_SUFFIXES | JSONL_SUFFIXES | PARQUET_SUFFIXES


@dataclass(frozen=True, slots=True)
class Row:
    where: str
    cells: Mapping[str, Any]


class Rows(Protocol):
    columns: list[str]

    def rows(self, wanted: Sequence[str]) -> Iterator[Row | Reject]:
        """Every row, with at least the wanted columns that it has."""
        ...

    def count(self) -> int: ...


def flattened(cells: Mapping[str, Any]) -> dict[str, Any]:
    """An object within a row gives columns of its own: `{"size": {"eu": 38}}` has the column `size.eu`."""
    flat: dict[str, Any] = {}
    for name, cell in cells.items():
        if isinstance(cell, dict):
            flat |= {f"{name}.{inner}": value for inner, value in cell.items()}
        else:
            flat[name] = cell
    return flat


def check_columns(path: Path, columns: int) -> None:
    """Before they are named: who sends a million of them is not given the time to compare each with each."""
    if columns > MOST_COLUMNS:
        raise InvalidSource(f"{path} has more than the {MOST_COLUMNS:,} columns that a table may have.")


def count_lines(path: Path) -> int:
    """The last one may not be ended."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 16), b""):
            lines, last = lines + block.count(b"\n"), block[-1:]
    return lines + (last != b"\n")
