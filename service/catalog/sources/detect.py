"""Which layout a path holds: as a flag says, else as what lies there tells."""

import os
from pathlib import Path

from service.catalog.errors import InvalidSource
from service.catalog.sources import fashion, kaggle, names, styles
from service.catalog.sources.base import Source
from service.catalog.sources.fashion import FashionSource
from service.catalog.sources.folder import FolderSource
from service.catalog.sources.listing import folders_in, only, only_table, tables_in
from service.catalog.sources.names import NamesSource
from service.catalog.sources.options import LAYOUTS, SourceOptions
from service.catalog.sources.rows import TABLE_SUFFIXES
from service.catalog.sources.settling import fits
from service.catalog.sources.styles import StylesSource
from service.catalog.sources.table import TableSource, open_rows

_WOULD_DO = (
    "A catalogue is a folder per category; styles.csv with images/; fashion.csv; images named "
    "brand_product_number; or a table (CSV, JSON lines, Parquet) with columns for id, category and image."
)


def open_source(where: str | Path, options: SourceOptions | None = None) -> Source:
    options = options or SourceOptions()
    if options.layout is not None and options.layout not in LAYOUTS:
        raise InvalidSource(f"There is no layout {options.layout!r}; there are {', '.join(LAYOUTS)}.")
    if options.images is not None and not options.images.is_dir():
        raise InvalidSource(f"{options.images} is no folder of images.")
    path = kaggle.downloaded(where) if isinstance(where, str) and kaggle.is_handle(where) else Path(where)
    if not os.path.exists(path):  # noqa: PTH110 - answers for names that are too long as well
        raise InvalidSource(f"{path} is not there. {_WOULD_DO}")
    try:
        source = _as_said(path, options) if options.layout else _recognised(path, options)
    except OSError as error:
        raise InvalidSource(f"{path} cannot be read: {error.strerror}.") from error
    if not isinstance(source, TableSource) and (options.columns or options.category_from):
        raise InvalidSource(f"A map of columns is for tables, and {path} was read as: {source.name}.")
    return source


def _as_said(path: Path, options: SourceOptions) -> Source:
    folder = path if path.is_dir() else path.parent
    if options.layout == "table":
        return TableSource(only_table(path) if path.is_dir() else path, options)
    if options.layout == "folder" and path.is_dir():
        return FolderSource(path)
    if options.layout == "styles" and styles.is_styles(folder):
        return StylesSource(folder, options.images)
    if options.layout == "fashion" and fashion.is_fashion(folder):
        return FashionSource(folder, options.images)
    if options.layout == "names" and (path.is_dir() or path.name == names.TABLE):
        return NamesSource(folder, options.images)
    raise InvalidSource(f"{path} does not have the layout {options.layout}. {_WOULD_DO}")


def _recognised(path: Path, options: SourceOptions) -> Source:
    if options.columns or options.category_from:
        return TableSource(only_table(path) if path.is_dir() else path, options)
    if not path.is_dir():
        return _file(path, options)
    for folder in (path, *folders_in(path)):
        if source := _signed(folder, options):
            return source
    if tables := [table for table in tables_in(path) if fits(open_rows(table).columns)]:
        return TableSource(only(path, tables), options)
    if any(folders_in(path)):
        return FolderSource(path)
    if names.image_folder(path):
        return NamesSource(path, options.images)
    if any(tables_in(path)):
        return TableSource(only_table(path), options)
    raise InvalidSource(
        f"{path} holds neither a table nor a folder per category, so no image in it has a category. {_WOULD_DO}"
    )


def _file(path: Path, options: SourceOptions) -> Source:
    if path.suffix.lower() not in TABLE_SUFFIXES:
        raise InvalidSource(f"{path} is neither a folder nor a table. {_WOULD_DO}")
    signed = (
        _signed(path.parent, options) if path.name in {styles.TABLE, fashion.TABLE, names.TABLE} else None
    )
    return signed if signed is not None and path.name == _table_of(signed) else TableSource(path, options)


def _signed(folder: Path, options: SourceOptions) -> Source | None:
    """A layout that its table's name and columns give away."""
    if styles.is_styles(folder):
        return StylesSource(folder, options.images)
    if fashion.is_fashion(folder):
        return FashionSource(folder, options.images)
    if names.is_names_table(folder) and (options.images or names.image_folder(folder)):
        return NamesSource(folder, options.images)
    return None


def _table_of(source: Source) -> str:
    return names.TABLE if isinstance(source, NamesSource) else source.name
