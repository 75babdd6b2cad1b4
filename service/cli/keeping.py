from pathlib import Path
from typing import Annotated

import typer

from service.cli.root import app
from service.commands import there

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
