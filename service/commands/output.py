"""What a command leaves behind: what is wrong with where it is to go is told before any work."""

import os
from collections.abc import Collection
from pathlib import Path

import typer


def check_output(option: str, path: Path, suffixes: Collection[str]) -> None:
    if path.suffix.lower() not in suffixes:
        raise typer.BadParameter(
            f"{path.name!r} does not end in {', '.join(suffixes)}: these are the formats.", param_hint=option
        )
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(path.parent)!r}.", param_hint=option)


def make_folder(option: str, path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(
            f"{str(path)!r} cannot be made: {error.strerror}.", param_hint=option
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise typer.BadParameter(f"nothing can be written to {str(path)!r}.", param_hint=option)
