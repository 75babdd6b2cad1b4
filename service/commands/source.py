"""What the command line says of a source."""

from collections.abc import Sequence
from pathlib import Path

import typer

from service.catalog.errors import InvalidSource
from service.catalog.names import names_in
from service.catalog.sources.options import LAYOUTS, SourceOptions, column_map


def source_options(
    layout: str | None, columns: Sequence[str], category_from: str | None, images: Path | None, separator: str
) -> SourceOptions:
    if layout is not None and layout not in LAYOUTS:
        raise typer.BadParameter(f"there are {', '.join(LAYOUTS)}.", param_hint="--layout")
    if not separator:
        raise typer.BadParameter("something has to separate them.", param_hint="--separator")
    try:
        mapped = column_map(columns)
    except InvalidSource as error:
        raise typer.BadParameter(str(error), param_hint="--map") from error
    return SourceOptions(layout, mapped, tuple(names_in(category_from)), images, separator)
