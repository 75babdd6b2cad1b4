import typer

app = typer.Typer(
    name="vizinho",
    help="A self-hosted visual recommender: what looks like this, inside this category?",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
