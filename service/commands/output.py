"""Pictures that a command leaves behind: their formats by suffix, told before any work, and whole or not at all."""

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


def write_whole(path: Path, data: bytes) -> None:
    making = path.with_name(f".{path.name}.making")
    try:
        making.write_bytes(data)
        making.replace(path)
    finally:
        making.unlink(missing_ok=True)
