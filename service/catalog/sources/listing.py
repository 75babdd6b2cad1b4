"""What lies in a folder, as far as a person sees it."""

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from service.catalog.errors import InvalidSource
from service.catalog.sources.rows import TABLE_SUFFIXES


def folders_in(folder: Path) -> Iterator[Path]:
    yield from _visible(folder, os.DirEntry.is_dir)


def tables_in(folder: Path) -> Iterator[Path]:
    yield from _visible(
        folder, lambda item: Path(item.name).suffix.lower() in TABLE_SUFFIXES and item.is_file()
    )


def only_table(folder: Path) -> Path:
    return only(folder, list(tables_in(folder)))


def only(folder: Path, tables: list[Path]) -> Path:
    if len(tables) == 1:
        return tables[0]
    if tables:
        there = ", ".join(sorted(table.name for table in tables)[:10])
        raise InvalidSource(f"{folder} holds more than one table: {there}. Name the file itself.")
    raise InvalidSource(
        f"{folder} holds no table: no file's name ends in {', '.join(sorted(TABLE_SUFFIXES))}."
    )


def unwrapped(folder: Path, most: int) -> Path:
    """Archives often hold all they have in one folder, which is no category."""
    for _ in range(most):
        below = list(islice(folders_in(folder), 2))
        if len(below) != 1 or any(tables_in(folder)):
            break
        if not any(folders_in(below[0])) and not any(tables_in(below[0])):
            break
        folder = below[0]
    return folder


def _visible(folder: Path, wanted: Callable[["os.DirEntry[str]"], bool]) -> Iterator[Path]:
    with os.scandir(folder) as items:
        yield from (Path(item.path) for item in items if not item.name.startswith(".") and wanted(item))
