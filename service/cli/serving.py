from typing import Annotated

import typer

from service.cli.root import app


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve the API, its documentation at /docs and the page at /."""
    from service.commands import serve as command

    command.serve(host, port)


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
