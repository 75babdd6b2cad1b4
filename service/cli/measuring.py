from pathlib import Path
from typing import Annotated

import typer

from service.cli.root import app
from service.cli.source_options import CategoryFrom, Columns, Images, Layout


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
    layout: Layout = None,
    columns: Columns = None,
    category_from: CategoryFrom = None,
    images: Images = None,
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
