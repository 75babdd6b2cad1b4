"""CSV as people export it: commas, semicolons or tabs; a byte order mark; names with commas and without quotes."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TextIO

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Reject
from service.catalog.sources.cells import printable
from service.catalog.sources.rows import Row, check_columns, count_lines

_DELIMITERS = ",;\t|"
_LONGEST_LINE = 1 << 20
_LONGEST_ROW = 1 << 22
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class CsvRows:
    def __init__(self, path: Path, spills: str | None = None) -> None:
        """`spills` names the column whose commas are not quoted: what is too much in a row belongs to it."""
        self._path = path
        self._spills = spills
        with _opened(path) as file:
            self._delimiter = _delimiter(next(_lines(file), ""))
        with _opened(path) as file:
            header = self._header(self._reader(file))
        check_columns(path, len(header))
        self.columns = _named(header)

    def count(self) -> int:
        return max(0, count_lines(self._path) - 1)

    def rows(self, wanted: Sequence[str] = ()) -> Iterator[Row | Reject]:  # noqa: ARG002 - a line comes whole
        with _opened(self._path) as file:
            reader = self._reader(file)
            self._header(reader)
            for line, row in _numbered(reader):
                where = f"{self._path.name} line {line}"
                if isinstance(row, str):
                    yield Reject(where, row)
                elif row:
                    yield self._row(where, row)

    def _row(self, where: str, row: list[str]) -> Row | Reject:
        if any(map(self._has_swallowed_rows, row)):
            return Reject(where, "A quotation mark too many: the cell goes on through the next lines.")
        surplus = len(row) - len(self.columns)
        if surplus > 0 and self._spills in self.columns:
            at = self.columns.index(self._spills)
            row = [*row[:at], ",".join(row[at : at + surplus + 1]), *row[at + surplus + 1 :]]
        if len(row) != len(self.columns):
            return Reject(where, f"The line has {len(row)} fields, the header {len(self.columns)}.")
        return Row(where, {name: cell.strip() for name, cell in zip(self.columns, row, strict=True)})

    def _has_swallowed_rows(self, cell: str) -> bool:
        """A text may have lines; it is a stray quotation mark if one of them has the fields of a row."""
        most = max((line.count(self._delimiter) for line in cell.splitlines()[1:]), default=0)
        return most >= max(2, len(self.columns) - 2)

    def _reader(self, file: TextIO) -> "_Reader":
        return _Reader(file, self._delimiter)

    def _header(self, reader: "_Reader") -> list[str]:
        try:
            return next(reader, [])
        except csv.Error as error:
            raise InvalidSource(f"The first line of {self._path} is no header of a CSV: {error}.") from error


class _Reader:
    """A row may have many lines, `"a` and `b","c` and `d"`: not so many that they fill the memory."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self._lines = _lines(file)
        self._rows = csv.reader(iter(self._line, ""), delimiter=delimiter)
        self._letters = 0

    @property
    def line_num(self) -> int:
        return self._rows.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self._letters = 0
        return next(self._rows)

    def _line(self) -> str:
        line = next(self._lines, "")
        self._letters += len(line)
        if self._letters > _LONGEST_ROW:
            raise csv.Error("a quotation mark is not closed")
        return line


def _opened(path: Path) -> TextIO:
    # Bytes that are no UTF-8 come as lone surrogates: they spoil the cells they stand in, not the file.
    try:
        with path.open("rb") as file:
            if file.read(2) in _UTF16_MARKS:
                raise InvalidSource(f"{path} is UTF-16. Save it as UTF-8.")
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise InvalidSource(f"{path} cannot be read: {error.strerror}.") from error


def _lines(file: TextIO) -> Iterator[str]:
    """Lines, each cut where no table's line is that long: a file without line ends must not fill the memory."""
    while line := file.readline(_LONGEST_LINE):
        yield line
        while len(line) == _LONGEST_LINE and line[-1] not in "\r\n":
            line = file.readline(_LONGEST_LINE)


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _fields_in(header, delimiter))


def _fields_in(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _named(header: Sequence[str]) -> list[str]:
    """A name that comes again gets a number, as in `image`, `image 2`: columns are told apart by name."""
    names: dict[str, None] = {}
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    for name in (printable(name.strip()) for name in header):
        named = name
        while named in names:
            named = f"{name} {next(numbers[name])}"
        names[named] = None
    return list(names)


def _numbered(rows: _Reader) -> Iterator[tuple[int, list[str] | str]]:
    """Line numbers as an editor shows them; a line the csv module cannot read comes as its reason."""
    while True:
        line = rows.line_num + 1
        try:
            yield line, next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"The line is no CSV: {error}."
