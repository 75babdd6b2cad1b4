"""The file that says what could not be taken in, and why. Made when there is something to say."""

import csv
from pathlib import Path
from types import TracebackType
from typing import TextIO

from service.catalog.errors import InvalidSource

_HEADER = ["where", "product_id", "reason"]


def check_rejects(path: Path) -> None:
    """An earlier run's file is replaced; anything else at that place is somebody's, or a device."""
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            first = file.readline(100).strip()
        if first in {b"", ",".join(_HEADER).encode()}:
            return
    raise InvalidSource(f"{path} is no file of rejects, and is left as it is. Name another.")


class RejectsFile:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def __enter__(self) -> "RejectsFile":
        check_rejects(self.path)
        self.path.unlink(missing_ok=True)  # what an earlier run said no longer holds
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, where: str, product_id: str, reason: str) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            csv.writer(self._file).writerow(_HEADER)
        csv.writer(self._file).writerow([where, product_id, reason])
        self._file.flush()
