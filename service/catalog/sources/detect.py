"""Which layout a path holds."""

from pathlib import Path

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Source
from service.catalog.sources.folder import FolderSource
from service.catalog.sources.styles import StylesSource, is_styles


def open_source(path: Path) -> Source:
    folder = path.parent if path.name == "styles.csv" else path
    if not folder.is_dir():
        raise InvalidSource(
            f"{path} is no folder. Give a folder per category, or one with styles.csv and images/."
        )
    if is_styles(folder):
        return StylesSource(folder)
    if any(child.is_dir() and not child.name.startswith(".") for child in folder.iterdir()):
        return FolderSource(folder)
    raise InvalidSource(
        f"{path} holds neither styles.csv nor a folder per category, so no image in it has a category."
    )
