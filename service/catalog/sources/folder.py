"""A folder per category; folders within folders are category paths."""

import os
from collections.abc import Iterator
from pathlib import Path

from service.catalog.products import Product
from service.catalog.sources.base import IMAGE_SUFFIXES, Entry, Record, Reject


class FolderSource:
    name = "folder per category"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> Iterator[Entry]:
        for image in self._images():
            place = image.relative_to(self._folder)
            if len(place.parts) == 1:
                yield Reject(str(place), "The image lies in no folder, so it has no category.")
                continue
            title = " ".join(image.stem.replace("_", " ").replace("-", " ").split())
            # The whole path, suffix included: `a.jpg` and `a.png` are two products.
            product = Product(place.as_posix(), place.parent.as_posix(), title)
            yield Record(str(place), product, (image,))

    def count(self) -> int:
        return sum(1 for _ in self._images())

    def mapping(self) -> dict[str, str]:
        return {
            "id": "the image's path in the folder",
            "category": "the folders that it lies in",
            "title": "its file name",
            "images": "the image itself",
        }

    def _images(self) -> Iterator[Path]:
        for folder, below, files in os.walk(self._folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(files):
                if Path(name).suffix.lower() in IMAGE_SUFFIXES and not name.startswith("."):
                    yield Path(folder, name)
