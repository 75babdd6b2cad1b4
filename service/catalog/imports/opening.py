"""An upload as a source. It names files of its own and addresses, and never a file of this machine."""

from pathlib import Path

from service.catalog.errors import InvalidSource
from service.catalog.imports.failures import said
from service.catalog.imports.job import Order
from service.catalog.imports.journal import JobFolder
from service.catalog.sources.base import Source
from service.catalog.sources.detect import open_source
from service.catalog.sources.listing import unwrapped
from service.catalog.sources.options import SourceOptions
from service.catalog.sources.places import Places


def source_of(order: Order, folder: JobFolder) -> tuple[Source, str]:
    """And what it was read as, in words."""
    options = SourceOptions(
        order.layout,
        order.columns,
        order.category_from,
        images=None if order.is_archive else folder.nothing,
        separator=order.separator,
    )
    try:
        where = _inside(folder.files, order.folder) if order.is_archive else folder.upload / order.file
        source = open_source(where, options)
    except InvalidSource as error:
        raise type(error)(said(error, folder)) from error
    inner = where.relative_to(folder.files).as_posix() if order.is_archive else "."
    return source, source.name if inner == "." else f"{source.name}, in {inner}/"


def _inside(files: Path, said: str) -> Path:
    """A second folder that is alone in the first may well be a category."""
    if not said:
        return unwrapped(files, 1)
    place = Places(files).folder(said)
    if place is None:
        raise InvalidSource(f"The zip holds no folder {said!r}.")
    return place
