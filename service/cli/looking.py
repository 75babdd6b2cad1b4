from pathlib import Path
from typing import Annotated

import typer

from service.cli.root import app


@app.command()
def stats(
    by: Annotated[
        str | None,
        typer.Option(help="`category`, `category:2`, an attribute; or two of them, for a cross table: a,b."),
    ] = None,
    top: Annotated[
        int | None, typer.Option(min=1, max=100, help="How many values; the rest is counted as others.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw it: a .png, .jpg, .webp, .svg or .pdf. Needs vizinho[plots].")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")] = False,
) -> None:
    """Count the catalogue's products by category and attribute. Only reads; the service may run."""
    from service.commands import stats as command

    command.stats(by, top, plot, as_json=as_json)


@app.command()
def audit(
    only: Annotated[
        str | None,
        typer.Option(
            help="Look for these only: duplicates, misfits, unlike, blank, broken, with commas between."
        ),
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="Exit with 4 where any of these is found: broken,blank.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Look at so many pictures and no more: a draw of all.")
    ] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", help="Write all that is found, for scripts: a .json.")
    ] = None,
    sheets: Annotated[
        Path | None, typer.Option(help="A folder for contact sheets, one for each kind.", file_okay=False)
    ] = None,
) -> None:
    """Find what wants a second look: pictures that are twice there, out of place, unlike any other, blank or broken.

    Only reads; the service may run. Exit status: 0 done, 4 found what --fail-on names, 1 failed, 2 wrong usage.
    """
    from service.commands import audit as command

    command.audit(command.AuditOptions(only, fail_on, limit, as_json, sheets))
