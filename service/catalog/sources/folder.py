"""A folder per category; folders within folders are category paths."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from service.catalog.errors import InvalidSource
from service.catalog.products import Product
from service.catalog.sources.base import IMAGE_SUFFIXES, Entry, Record, Reject


class FolderSource:
    name = "folder per category"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> Iterator[Entry]:
        for folder, below, files in self._walk():
            for name in below:
                if (link := Path(folder, name)).is_symlink():
                    yield Reject(str(link.relative_to(self._folder)), "A link to a folder is not followed.")
            yield from map(self._entry, _images(folder, files))

    def _entry(self, image: Path) -> Entry:
        place = image.relative_to(self._folder)
        if len(place.parts) == 1:
            reason = "The image lies in no folder, so it has no category."
            return Reject(str(place), reason, hides_products=False)
        title = " ".join(image.stem.replace("_", " ").replace("-", " ").split())
        # The whole path, suffix included: `a.jpg` and `a.png` are two products.
        product = Product(place.as_posix(), place.parent.as_posix(), title)
        return Record(str(place), product, (image,))

    def count(self) -> int:
        return sum(1 for folder, _, files in self._walk() for _ in _images(folder, files))

    def mapping(self) -> dict[str, str]:
        return {
            "id": "the image's path in the folder",
            "category": "the folders that it lies in",
            "title": "its file name",
            "images": "the image itself",
        }

    def _walk(self) -> Iterator[tuple[str, list[str], list[str]]]:
        for folder, below, files in os.walk(self._folder, onerror=_fail):
            below[:] = sorted(name for name in below if not name.startswith("."))
            yield folder, below, files


def _images(folder: str, files: Sequence[str]) -> Iterator[Path]:
    for name in sorted(files):
        path = Path(folder, name)
        if path.suffix.lower() in IMAGE_SUFFIXES and not name.startswith(".") and not path.is_fifo():
            yield path


def _fail(error: OSError) -> NoReturn:
    """What cannot be read must not look like what is no longer there."""
    raise InvalidSource(f"{error.filename} cannot be read: {error.strerror}.") from error
