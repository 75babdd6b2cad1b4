"""`vizinho`: the command line. Names and options are here; what they do is in commands/."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="vizinho",
    help="A self-hosted visual recommender: what looks like this, inside this category?",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve the API, its documentation at /docs and the page at /."""
    from service.commands import serve as command

    command.serve(host, port)


@app.command()
def ingest(
    source: Annotated[
        Path, typer.Argument(help="A folder per category, or a folder with styles.csv and images/.")
    ],
    rejects: Annotated[
        Path | None, typer.Option(help="Where to write what could not be taken in, and why.")
    ] = None,
) -> None:
    """Take a catalogue in. Run it again to resume, or to take in only what has changed.

    Exit status: 0 everything is in, 3 some records were rejected, 1 the run failed, 2 wrong usage.
    """
    from service.commands import ingest as command

    command.ingest(source, rejects)


@app.command()
def search(
    image: Annotated[Path, typer.Argument(help="The query image.", exists=True, dir_okay=False)],
    category: Annotated[str | None, typer.Option(help="Search inside this category only.")] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help="How many products.")] = 10,
) -> None:
    """Show what looks like an image."""
    from service.commands import search as command

    command.search(image, category, top)


migrate = typer.Typer(help="Bring the catalogue's schema up to this version; on a fresh store, create it.")
app.add_typer(migrate, name="migrate")


@migrate.callback(invoke_without_command=True)
def migrate_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        migrate_upgrade()


@migrate.command("upgrade")
def migrate_upgrade() -> None:
    """Bring the schema up to this version; on a fresh store, create it. The same as `vizinho migrate` alone."""
    from service.commands import migrate as command

    command.upgrade()


@migrate.command("status")
def migrate_status() -> None:
    """Show every generation, and what its schema has and lacks. Only reads; the service may run.

    Exit status: 0 the live generation is up to date, 1 it is behind, ahead, or there is none.
    """
    from service.commands import migrate as command

    command.status()


@app.command()
def reembed(
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the generation before, with its settings.")
    ] = False,
    drop_old: Annotated[
        bool,
        typer.Option(
            "--drop-old",
            help="Afterwards, drop every generation but the live one. "
            "A service that still runs with the old model is then without its catalogue.",
        ),
    ] = False,
) -> None:
    """After a change of model: build the catalogue anew from its stored images, then switch to it.

    The service may run meanwhile; start it anew, with the new settings, when this is done.
    A killed run is resumed by running it again.
    """
    if rollback and drop_old:
        raise typer.BadParameter(
            "what --rollback goes back from is what --drop-old would drop; use one of them."
        )
    from service.commands import reembed as command

    command.reembed(rollback=rollback, drop_old=drop_old)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where to: a folder that is empty or not there yet.")],
) -> None:
    """Copy the catalogue and its images into a folder. The service may run, and be written to."""
    from service.commands import backup as command

    command.backup(folder)


@app.command()
def restore(
    folder: Annotated[
        Path, typer.Argument(help="What `vizinho backup` wrote.", exists=True, file_okay=False)
    ],
) -> None:
    """Make a backup's catalogue the live one. Stop the service first. Nothing that is there is overwritten."""
    from service.commands import restore as command

    command.restore(folder)


@app.command()
def demo(
    products: Annotated[int, typer.Option(min=12, max=5000, help="How many products to draw.")] = 400,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Draw a sample shop, take it in and serve it."""
    from service.commands import demo as command

    command.demo(products, host, port)


@app.command()
def doctor() -> None:
    """Say what this machine has, what is amiss, and how to mend it."""
    from service.commands import doctor as command

    command.doctor()


def main() -> None:
    app()
