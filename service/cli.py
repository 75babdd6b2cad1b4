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


@app.command()
def migrate() -> None:
    """Bring the catalogue's schema up to this version; on a fresh store, create it."""
    from service.commands import migrate as command

    command.migrate()


@app.command()
def reembed() -> None:
    """After a change of model: build the catalogue anew from its stored images, then switch to it.

    Stop the service first: what is written meanwhile would stay behind. A killed run is resumed by running it again.
    """
    from service.commands import reembed as command

    command.reembed()


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
