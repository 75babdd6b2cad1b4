"""Where a table's images lie: at an address, or below one folder and never outside it."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from service.catalog.errors import InvalidProduct
from service.catalog.sources.base import ImagePlace, Url
from service.catalog.sources.cells import shown


class Places:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = Path(os.path.realpath(folder))

    def find(self, said: str) -> ImagePlace:
        """Or the reason why there is none, as an InvalidProduct."""
        if "://" in said:
            return _url(said)
        if (path := self.inside(said)) is not None:
            return path
        if Path(said).is_absolute() or ".." in Path(said).parts or self._leads_out(said):
            raise InvalidProduct(f"The image {shown(said)} leads out of the folder of the images.")
        raise InvalidProduct(f"There is no image {shown(said)} in {self._folder.name or 'the folder'}.")

    def inside(self, said: str) -> Path | None:
        """The file of this name, if it is one and really lies below the folder: links are followed to tell."""
        relative = Path(said)
        if "\0" in said or relative.is_absolute() or ".." in relative.parts or self._leads_out(said):
            return None
        # os.path answers for names that are too long, where Path.is_file raises.
        path = self._folder / relative
        return path if os.path.isfile(path) else None  # noqa: PTH113

    def folder(self, said: str) -> Path | None:
        """The same of a folder; the one that all lies below is `.`."""
        path = self._folder / said
        if "\0" in said or ".." in path.parts or self._leads_out(said) or not os.path.isdir(path):  # noqa: PTH112
            return None
        return path

    def _leads_out(self, said: str) -> bool:
        return not Path(os.path.realpath(self._root / said)).is_relative_to(self._root)


def _url(said: str) -> Url:
    try:
        parts = urlsplit(said)
        if parts.scheme.lower() in {"http", "https"} and parts.hostname and said.isprintable():
            return Url(said)
    except ValueError:
        pass
    raise InvalidProduct(f"{shown(said)} is no address of an image: one begins with http:// or https://.")
