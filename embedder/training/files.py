"""Files that are there whole or not at all, whenever the machine stops."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write it: it takes the place of what is there when the block ends well."""
    making = path.with_name(f".{path.name}.making")
    yield making
    with making.open("rb") as file:
        os.fsync(file.fileno())
    making.replace(path)
