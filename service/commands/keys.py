import typer

from service.access.keys import Role, new_key
from service.commands.console import err, fail


def new(name: str, role: Role) -> None:
    """Two lines for a script to read; what a person wants to know beside them goes elsewhere."""
    try:
        key, entry = new_key(name, role)
    except ValueError as error:
        fail(str(error))
    err.print("The key, which is shown this once, and the entry to add to VIZINHO_API_KEYS:")
    typer.echo(key)
    typer.echo(str(entry))
