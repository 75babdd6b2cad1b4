"""A table's cells as what a product is made of. What a cell cannot be is told as an InvalidProduct."""

import json
import math
import re
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeAlias

from service.catalog.attributes import Value
from service.catalog.errors import InvalidProduct

Cell: TypeAlias = Any

NOTHING = frozenset({"", "NA", "N/A", "NaN", "nan", "NULL", "null"})
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{0,300})?([eE][+-]?[0-9]{1,3})?")
_UNREADABLE = re.compile("[\0\ud800-\udfff]")
_SHOWN = 60


def is_nothing(cell: Cell) -> bool:
    if isinstance(cell, str):
        return cell.strip() in NOTHING
    return cell is None or cell == [] or (isinstance(cell, float) and math.isnan(cell))


def text(cell: Cell) -> str:
    """Nothing is the empty text; pandas writes the id 12 as 12.0 where a column has gaps."""
    if is_nothing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | Decimal):
        raise InvalidProduct(f"{shown(cell)} is no text.")
    return readable(str(cell)).strip()


def id_or_nothing(cell: Cell) -> str:
    """Of a row that is refused already, for whatever reason."""
    try:
        return text(cell)
    except InvalidProduct:
        return ""


def texts(cell: Cell, separator: str) -> list[str]:
    """A list as it is; a text that is a JSON list, or one with separators, as its parts."""
    if isinstance(cell, str):
        cell = _listed(readable(cell), separator)
    parts = cell if isinstance(cell, list) else [cell]
    return [part for part in map(text, parts) if part]


def path(cells: Sequence[Cell]) -> str:
    """One cell may hold a whole path, with `/` or ` > `; of several each is a level, whatever it holds."""
    if len(cells) == 1 and isinstance(cells[0], str):
        return text(cells[0]).replace(" > ", "/")
    levels = [level for cell in cells for level in (cell if isinstance(cell, list) else [cell])]
    return "/".join(name.replace("/", "-") for name in map(text, levels) if name)


def value(cell: Cell, kind: str | None, separator: str) -> Value:
    """Without a kind a cell keeps the one it has, which in a CSV is text."""
    if kind == "number" or isinstance(cell, Decimal):
        return _number(cell)
    if kind == "bool":
        return _bool(cell)
    if kind == "list" or isinstance(cell, list):
        return texts(cell, separator)
    if kind is None and isinstance(cell, bool | int | float):
        return cell
    return text(cell)


def readable(words: str) -> str:
    if _UNREADABLE.search(words):
        raise InvalidProduct(
            f"{shown(words)} holds bytes that are no UTF-8 text. Save the table as UTF-8, if it has another encoding."
        )
    return words


def shown(cell: Cell) -> str:
    words = ascii(cell) if isinstance(cell, str) and _UNREADABLE.search(cell) else repr(cell)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}..."


def printable(words: str) -> str:
    """A name as a screen can show it, whatever bytes it was made of."""
    return words if words.isprintable() else ascii(words)[1:-1]


def _listed(words: str, separator: str) -> list[Cell]:
    if words.lstrip().startswith("["):
        try:
            listed = json.loads(words)
        except (ValueError, RecursionError):
            return [words]  # a name may begin with a bracket
        return listed if isinstance(listed, list) else [words]
    return [*words.split(separator)] if separator else [words]


def _number(cell: Cell) -> int | float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    words = text(cell)
    if _WHOLE.fullmatch(words):
        return int(words)
    if _NUMBER.fullmatch(words):
        return float(words)
    raise InvalidProduct(f"{shown(cell)} is no number; one is written like 1299 or 12.50.")


def _bool(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = text(cell).casefold()
    if word not in _WORDS:
        raise InvalidProduct(f"{shown(cell)} is neither true nor false, yes nor no, 1 nor 0.")
    return _WORDS[word]
