"""Products that somebody said to match: a CSV with two ids a line."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.goods import Good


def pairs_in(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_pairs(path, csv.reader(file)))
    except OSError as error:
        raise Unmeasurable(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unmeasurable(f"{path} is no CSV in UTF-8: {error}.") from error


def _pairs(path: Path, rows: Iterator[list[str]]) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(rows, 1):
        match [cell.strip() for cell in row]:
            case [] | [""]:
                continue
            case [one, other] if one and other:
                yield one, other
            case _:
                raise Unmeasurable(f"Line {number} of {path} is not two ids of products.")


def placed(pairs: Sequence[tuple[str, str]], goods: Sequence[Good]) -> list[tuple[int, int]]:
    """Where they stand among these goods; a heading, like any pair of which one is elsewhere, is passed over."""
    places = {good.id: place for place, good in enumerate(goods)}
    found = [(places[one], places[other]) for one, other in pairs if one in places and other in places]
    if not found:
        raise Unmeasurable(f"Of {len(pairs):,} pairs none is of two products that are here.")
    return found
