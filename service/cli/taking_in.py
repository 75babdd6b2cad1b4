from pathlib import Path
from typing import Annotated

import typer

from service.cli.root import app
from service.cli.source_options import CategoryFrom, Columns, Images, Layout


@app.command()
def ingest(
    source: Annotated[
        str,
        typer.Argument(
            help="A folder per category; styles.csv or fashion.csv with its images; a CSV, JSONL or Parquet table; "
            "or kaggle:owner/dataset."
        ),
    ],
    layout: Layout = None,
    columns: Columns = None,
    category_from: CategoryFrom = None,
    images: Images = None,
    separator: Annotated[str, typer.Option(help="Between several images in one cell.")] = "|",
    limit: Annotated[int | None, typer.Option(min=1, help="Read so many records and no more.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be read, and write nothing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Embed and write everything anew, changed or not.")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Afterwards, remove every product that this source does not have, whoever added it. Asks first.",
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where to write what could not be taken in, and why.")
    ] = None,
) -> None:
    """Take a catalogue in. Run it again to resume, or to take in only what has changed.

    Exit status: 0 everything is in, 3 some records were rejected, 1 the run failed, 2 wrong usage.
    """
    from service.commands import ingest as command
    from service.commands.source import source_options

    options = command.IngestOptions(
        source_options(layout, columns or [], category_from, images, separator),
        limit=limit,
        anew=replace,
        prune=prune,
        confirmed=yes,
        rejects=rejects,
    )
    command.ingest(source, options, dry_run=dry_run)
