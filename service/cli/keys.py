from typing import Annotated, Literal

import typer

from service.cli.root import app

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
