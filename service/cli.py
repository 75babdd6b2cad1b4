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
_MinMatch = Annotated[
    Literal["strong", "fair", "weak"],
    typer.Option("--min-match", help="fair or strong: leave out what is less close than that."),
]
_Rerank = Annotated[
    Literal["none", "query_expansion", "database_augmentation", "k_reciprocal"] | None,
    typer.Option("--rerank", help="Another order of the nearest; unset: what VIZINHO_RERANK says."),
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
    min_match: _MinMatch = "weak",
    rerank: _Rerank = None,
    sheet: _Sheet = None,
) -> None:
    """Show what looks like an image."""
    from service.commands import search as command
    from service.commands.query import query_of

    command.search(image, query_of(category, top, filter_, min_score, min_match, rerank), sheet)


@app.command()
def similar(
    product_id: Annotated[str, typer.Argument(help="The shop's own id of a product in the catalogue.")],
    category: _InCategory = None,
    top: _Top = 10,
    filter_: _Filter = None,
    min_score: _MinScore = None,
    min_match: _MinMatch = "weak",
    rerank: _Rerank = None,
    sheet: _Sheet = None,
) -> None:
    """Show what looks like a product."""
    from service.commands import similar as command
    from service.commands.query import query_of

    command.similar(product_id, query_of(category, top, filter_, min_score, min_match, rerank), sheet)


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


@app.command()
def evaluate(
    source: Annotated[
        str | None,
        typer.Argument(
            help="A catalogue as `ingest` reads it; without one, the live catalogue with the vectors that it has."
        ),
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(
            help="What makes two products match: category (the default), category:leaf, category:2, an attribute; "
            "several with commas must all be equal. As often as needed."
        ),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="A CSV with two ids a line: products that match.", exists=True, dir_okay=False),
    ] = None,
    held_out_images: Annotated[
        bool,
        typer.Option("--held-out-images", help="A product's first image asks for its other ones."),
    ] = False,
    held_out: Annotated[
        str | None,
        typer.Option(help="Only this part of the products, such as 1/3, which `train` and `fit` leave out."),
    ] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            help="Another pipeline: backbone=, weights=, fit=, distance=, rerank=, with commas between them; "
            "what is not said is as in the settings. As often as needed."
        ),
    ] = None,
    at: Annotated[int, typer.Option(min=1, max=100, help="How many matches are looked at.")] = 10,
    limit: Annotated[
        int | None, typer.Option(min=2, help="No more products than these, chosen by their ids.")
    ] = None,
    questions: Annotated[
        int | None, typer.Option(min=1, help="No more products ask than these; all are there to be found.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write everything that was found: a .json.")] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="A folder for the tables, a chart and contact sheets.", file_okay=False),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            help="precision@10:category=0.7, or recall@10, R@1, mAP@10; `:inside` for the category."
        ),
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help="folder, styles, fashion, names or table, where the guess is wrong.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN of a table, as for `ingest`.")
    ] = None,
    category_from: Annotated[
        str | None, typer.Option(help="The columns that make a category path, as for `ingest`.")
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(help="The folder in which a table's images lie.", exists=True, file_okay=False),
    ] = None,
) -> None:
    """Measure how good the matches are, on your own catalogue. Only reads; the service may run.

    Exit status: 0 measured, 5 a --fail-under was missed, 1 the run failed, 2 wrong usage.
    """
    from service.catalog.quality.tasks import Asked
    from service.commands import evaluate as command
    from service.commands.measurable import Choice
    from service.commands.source import source_options

    labels = command.labels_in(same or ([] if pairs or held_out_images else ["category"]))
    options = command.EvaluateOptions(
        source,
        source_options(layout, columns or [], category_from, images, "|"),
        Asked(labels, pairs, held_out_images, at, questions),
        Choice(command.share_in(held_out), limit, held_out_images),
        against or [],
        json,
        report,
    )
    command.evaluate(options, fail_under or [])


@app.command()
def fit(
    out: Annotated[Path, typer.Option(help="Where to write it: a .safetensors.")],
    source: Annotated[
        str | None,
        typer.Argument(help="A catalogue as `ingest` reads it; without one, the live catalogue's originals."),
    ] = None,
    dim: Annotated[int, typer.Option(min=2, max=4096, help="How many numbers a vector is to have.")] = 256,
    images: Annotated[
        int, typer.Option(min=20, help="Look at so many products and no more, chosen by their ids.")
    ] = 20_000,
    same: Annotated[
        list[str] | None,
        typer.Option(
            help="What it is to be good at: category (the default), category:leaf, or an attribute. As often as needed."
        ),
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help="folder, styles, fashion, names or table, where the guess is wrong.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN of a table, as for `ingest`.")
    ] = None,
    category_from: Annotated[
        str | None, typer.Option(help="The columns that make a category path, as for `ingest`.")
    ] = None,
) -> None:
    """Learn from the pictures, without labels, how to make vectors shorter and better. Only reads; the service may run.

    A third of the products is not learned from: by these it is chosen and measured.
    """
    from service.commands import fit as command
    from service.commands.source import source_options

    read_as = source_options(layout, columns or [], category_from, None, "|")
    command.fit(command.FitOptions(out, source, read_as, dim, images, same or ["category"]))


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Where to write the weights: a .safetensors.")],
    source: Annotated[
        str | None,
        typer.Argument(help="A catalogue as `ingest` reads it; without one, the live catalogue's originals."),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            help="The attributes to learn, with commas between them, beside the category. Without: those that enough "
            "products have."
        ),
    ] = None,
    start: Annotated[
        str, typer.Option("--from", help="nothing, imagenet-v1, imagenet-v2 or a file with weights.")
    ] = "nothing",
    epochs: Annotated[int, typer.Option(min=1, help="How often every picture is seen.")] = 24,
    size: Annotated[int, typer.Option(min=32, max=512, help="Pixels of the pictures to learn from.")] = 96,
    input_size: Annotated[
        int | None,
        typer.Option(min=32, max=512, help="And of those it will be asked about. Without: a little more."),
    ] = None,
    batch: Annotated[int, typer.Option(min=2, help="Pictures that are learned from at once.")] = 32,
    learning_rate: Annotated[float, typer.Option(min=1e-6, max=10, help="The highest.")] = 0.05,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is drawn by chance.")] = 0,
    held_out: Annotated[
        str, typer.Option(help="The part of the products that is kept back, to measure by: 1/5 or 0.2.")
    ] = "1/5",
    images: Annotated[
        int, typer.Option(min=20, help="Use so many products and no more, chosen by their ids.")
    ] = 200_000,
    folder: Annotated[
        Path | None, typer.Option(help="What a run that was killed goes on from. Without: beside the output.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help="folder, styles, fashion, names or table, where the guess is wrong.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN of a table, as for `ingest`.")
    ] = None,
    category_from: Annotated[
        str | None, typer.Option(help="The columns that make a category path, as for `ingest`.")
    ] = None,
) -> None:
    """Learn from the catalogue's own labels what makes its products alike. Only reads; the service may run.

    Killed, and run again with the same words, it goes on where it was.
    """
    from service.commands import train as command
    from service.commands.evaluate import share_in
    from service.commands.source import source_options

    read_as = source_options(layout, columns or [], category_from, None, "|")
    share = share_in(held_out) or 0.0
    asked = None if labels is None else [name.strip() for name in labels.split(",") if name.strip()]
    settings = {"start": start, "epochs": epochs, "size": size, "input_size": input_size, "batch": batch}
    settings |= {"learning_rate": learning_rate, "seed": seed}
    command.train(command.TrainOptions(out, source, read_as, asked, images, share, folder, settings))


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
    weights: Annotated[
        str | None,
        typer.Option(
            help="Weights that `vizinho train` wrote, or others, as a .safetensors, .pth or .pt file; or imagenet-v1, "
            "imagenet-v2, untrained. A copy is kept in the data folder, and used from now on.",
        ),
    ] = None,
    fit: Annotated[
        Path | None,
        typer.Option(
            help="What `vizinho fit` wrote. It is kept and used likewise.", exists=True, dir_okay=False
        ),
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the generation before, and to its model.")
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

    The service may run meanwhile; start it anew when this is done. With VIZINHO_WEIGHTS=auto it finds the model that
    the catalogue was built with by itself.
    A killed run is resumed by running it again.
    """
    if rollback and drop_old:
        raise typer.BadParameter(
            "what --rollback goes back from is what --drop-old would drop; use one of them."
        )
    if rollback and (weights or fit):
        raise typer.BadParameter("--rollback finds the model by itself: give neither --weights nor --fit.")
    from service.catalog.learned.shelving import Model
    from service.commands import reembed as command

    command.reembed(command.ReembedOptions(Model(weights, fit), rollback=rollback, drop_old=drop_old))


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
