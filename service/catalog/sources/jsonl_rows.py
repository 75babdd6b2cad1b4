"""JSON lines: an object a line."""

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Reject
from service.catalog.sources.rows import Row, check_columns, count_lines, flattened

_LONGEST_LINE = 1 << 22
_SAMPLE = 1000
_SAMPLE_BYTES = 16_000_000


class JsonlRows:
    def __init__(self, path: Path) -> None:
        """Its columns are the keys of its first lines, a thousand or some megabytes: later ones are not looked for."""
        self._path = path
        try:
            self.columns = list(self._keys())
        except OSError as error:
            raise InvalidSource(f"{path} cannot be read: {error.strerror}.") from error

    def _keys(self) -> dict[str, None]:
        keys: dict[str, None] = {}
        with self._path.open("rb") as file:
            sample = BytesIO(file.read(_SAMPLE_BYTES))
        for row in islice(self._rows_in(sample), _SAMPLE):
            if isinstance(row, Row):
                keys |= dict.fromkeys(row.cells)
                check_columns(self._path, len(keys))
        return keys

    def count(self) -> int:
        return count_lines(self._path)

    def rows(self, wanted: Sequence[str] = ()) -> Iterator[Row | Reject]:  # noqa: ARG002 - a line comes whole
        with self._path.open("rb") as file:
            yield from self._rows_in(file)

    def _rows_in(self, file: BinaryIO) -> Iterator[Row | Reject]:
        for number, line in enumerate(_lines(file), start=1):
            where = f"{self._path.name} line {number}"
            if line is None:
                yield Reject(where, f"The line is longer than {_LONGEST_LINE:,} bytes.")
            elif line.strip():
                yield _row(where, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """None stands for a line that is too long to be one."""
    while line := file.readline(_LONGEST_LINE):
        whole = len(line) < _LONGEST_LINE or line.endswith(b"\n")
        yield line if whole else None
        while not whole:
            rest = file.readline(_LONGEST_LINE)
            whole = len(rest) < _LONGEST_LINE or rest.endswith(b"\n")


def _row(where: str, line: bytes) -> Row | Reject:
    try:
        cells = json.loads(line.decode(), parse_constant=_refused)
    except UnicodeDecodeError:
        return Reject(where, "The line is no UTF-8 text.")
    except json.JSONDecodeError as error:
        return Reject(where, f"The line is no JSON: {error.msg} at column {error.colno}.")
    except (ValueError, RecursionError):  # a number of thousands of digits; lists in lists in lists
        return Reject(where, "The line is no JSON that can be read.")
    if not isinstance(cells, dict):
        return Reject(where, "The line is no JSON object.")
    return Row(where, flattened(cells))


def _refused(word: str) -> Any:
    raise ValueError(word)
