from pathlib import Path
from typing import Annotated, Literal

import typer

from service.cli.root import app

InCategory = Annotated[str | None, typer.Option("--category", help="Search inside this category only.")]
Top = Annotated[int, typer.Option("--top", min=1, max=100, help="How many products.")]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", help="""A JSON object over the attributes, as the API's: '{"gender": "Women"}'."""
    ),
]
MinScore = Annotated[
    float | None, typer.Option("--min-score", min=-1, max=1, help="Leave out what is less alike than this.")
]
MinMatch = Annotated[
    Literal["strong", "fair", "weak"],
    typer.Option("--min-match", help="fair or strong: leave out what is less close than that."),
]
Rerank = Annotated[
    Literal["none", "query_expansion", "database_augmentation", "k_reciprocal"] | None,
    typer.Option("--rerank", help="Another order of the nearest; unset: what VIZINHO_RERANK says."),
]
Sheet = Annotated[
    Path | None, typer.Option("--sheet", help="Draw the query and its matches: a .png, .jpg or .webp.")
]


@app.command()
def search(
    image: Annotated[Path, typer.Argument(help="The query image.", exists=True, dir_okay=False)],
    category: InCategory = None,
    top: Top = 10,
    filter_: Filter = None,
    min_score: MinScore = None,
    min_match: MinMatch = "weak",
    rerank: Rerank = None,
    sheet: Sheet = None,
) -> None:
    """Show what looks like an image."""
    from service.commands import search as command
    from service.commands.query import query_of

    command.search(image, query_of(category, top, filter_, min_score, min_match, rerank), sheet)


@app.command()
def similar(
    product_id: Annotated[str, typer.Argument(help="The shop's own id of a product in the catalogue.")],
    category: InCategory = None,
    top: Top = 10,
    filter_: Filter = None,
    min_score: MinScore = None,
    min_match: MinMatch = "weak",
    rerank: Rerank = None,
    sheet: Sheet = None,
) -> None:
    """Show what looks like a product."""
    from service.commands import similar as command
    from service.commands.query import query_of

    command.similar(product_id, query_of(category, top, filter_, min_score, min_match, rerank), sheet)
