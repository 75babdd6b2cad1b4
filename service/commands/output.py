"""Pictures that a command leaves behind: what is wrong with their names is told before any work."""

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
