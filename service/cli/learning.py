from pathlib import Path
from typing import Annotated

import typer

from service.cli.root import app
from service.cli.source_options import CategoryFrom, Columns, Layout


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
    layout: Layout = None,
    columns: Columns = None,
    category_from: CategoryFrom = None,
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
            help="The attributes to learn, with commas between them, beside the category; colour=1.5 counts half as "
            "much again. Without: those that enough products have."
        ),
    ] = None,
    start: Annotated[
        str, typer.Option("--from", help="nothing, imagenet-v1, imagenet-v2 or a file with weights.")
    ] = "nothing",
    epochs: Annotated[
        int | None,
        typer.Option(min=1, help="How often every picture is seen. Without: 64, and 10 from other weights."),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            min=32,
            max=512,
            help="Pixels of the pictures to learn from. Without: 64, and 96 from other weights.",
        ),
    ] = None,
    input_size: Annotated[
        int | None,
        typer.Option(min=32, max=512, help="And of those it will be asked about. Without: the same."),
    ] = None,
    batch: Annotated[int, typer.Option(min=2, help="Pictures that are learned from at once.")] = 64,
    learning_rate: Annotated[
        float | None,
        typer.Option(min=1e-6, max=10, help="The highest. Without: 0.1, and 0.04 from other weights."),
    ] = None,
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
    layout: Layout = None,
    columns: Columns = None,
    category_from: CategoryFrom = None,
) -> None:
    """Learn from the catalogue's own labels what makes its products alike. Only reads; the service may run.

    Killed, and run again with the same words, it goes on where it was.
    """
    from service.commands import train as command
    from service.commands.evaluate import share_in
    from service.commands.source import source_options

    read_as = source_options(layout, columns or [], category_from, None, "|")
    share = share_in(held_out) or 0.0
    asked = command.labels_in(labels)
    settings: dict[str, object] = {
        "start": start,
        "epochs": epochs,
        "size": size,
        "input_size": input_size,
        "batch": batch,
    }
    settings |= {"learning_rate": learning_rate, "seed": seed}
    command.train(command.TrainOptions(out, source, read_as, asked, images, share, folder, settings))


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
