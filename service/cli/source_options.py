"""How a catalogue that is not taken in yet is read."""

from pathlib import Path
from typing import Annotated

import typer

Layout = Annotated[
    str | None, typer.Option(help="folder, styles, fashion, names or table, where the guess is wrong.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help="FIELD=COLUMN of a table, as often as needed: id, title, category, image, or an attribute.",
    ),
]
CategoryFrom = Annotated[
    str | None,
    typer.Option(help="The columns that make a category path: gender,masterCategory,articleType."),
]
Images = Annotated[
    Path | None,
    typer.Option(help="The folder in which a table's images lie.", exists=True, file_okay=False),
]
