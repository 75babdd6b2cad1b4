"""`vizinho`: the command line. Names and options are here; what they do is in commands/."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from service.commands import there

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
        str,
        typer.Argument(
            help="A folder per category; styles.csv or fashion.csv with its images; a CSV, JSONL or Parquet table; "
            "or kaggle:owner/dataset."
        ),
    ],
    layout: Annotated[
        str | None, typer.Option(help="folder, styles, fashion, names or table, where the guess is wrong.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="FIELD=COLUMN of a table, as often as needed: id, title, category, image, or an attribute.",
        ),
    ] = None,
    category_from: Annotated[
        str | None,
        typer.Option(help="The columns that make a category path: gender,masterCategory,articleType."),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(help="The folder in which a table's images lie.", exists=True, file_okay=False),
    ] = None,
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


_InCategory = Annotated[str | None, typer.Option("--category", help="Search inside this category only.")]
_Top = Annotated[int, typer.Option("--top", min=1, max=100, help="How many products.")]
_Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", help="""A JSON object over the attributes, as the API's: '{"gender": "Women"}'."""
    ),
]
_MinScore = Annotated[
    float | None, typer.Option("--min-score", min=-1, max=1, help="Leave out what is less alike than this.")
]
_Sheet = Annotated[
    Path | None, typer.Option("--sheet", help="Draw the query and its matches: a .png, .jpg or .webp.")
]


@app.command()
def search(
    image: Annotated[Path, typer.Argument(help="The query image.", exists=True, dir_okay=False)],
    category: _InCategory = None,
    top: _Top = 10,
    filter_: _Filter = None,
    min_score: _MinScore = None,
    sheet: _Sheet = None,
) -> None:
    """Show what looks like an image."""
    from service.commands import search as command
    from service.commands.query import query_of

    command.search(image, query_of(category, top, filter_, min_score), sheet)


@app.command()
def similar(
    product_id: Annotated[str, typer.Argument(help="The shop's own id of a product in the catalogue.")],
    category: _InCategory = None,
    top: _Top = 10,
    filter_: _Filter = None,
    min_score: _MinScore = None,
    sheet: _Sheet = None,
) -> None:
    """Show what looks like a product."""
    from service.commands import similar as command
    from service.commands.query import query_of

    command.similar(product_id, query_of(category, top, filter_, min_score), sheet)


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
def copy(
    to: there.To,
    grpc_port: there.GrpcPort = None,
    api_key_file: there.ApiKeyFile = None,
    ca: there.Ca = None,
    collection: there.Collection = None,
    replace: there.Replace = False,
) -> None:
    """Move the catalogue to a server, or back, while the service runs. Run it again to resume one that was killed."""
    from service.commands import copy as command

    command.copy(to, there.There(grpc_port, api_key_file, ca, collection), replace=replace)


keys = typer.Typer(help="Keys for who may call the service.", no_args_is_help=True)
app.add_typer(keys, name="keys")


@keys.callback()
def _keys() -> None:
    """Keeps `new` a command of its own while it is the only one."""


@keys.command("new")
def keys_new(
    name: Annotated[str, typer.Argument(help="Whose key it is; one name may have several.")],
    role: Annotated[
        Literal["read", "write"], typer.Option(help="read: search and look. write: change as well.")
    ],
) -> None:
    """Print a new key, once, and on a second line the entry to add to VIZINHO_API_KEYS."""
    from service.commands import keys as command

    command.new(name, role)


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
