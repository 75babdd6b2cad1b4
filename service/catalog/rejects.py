"""The file that says what could not be taken in, and why. Made when there is something to say."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import TextIO

from service.catalog.errors import InvalidSource

HEADER = ["where", "product_id", "reason"]


def check_rejects(path: Path) -> None:
    """An earlier run's file is replaced; anything else at that place is somebody's, or a device."""
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            first = file.readline(100).strip()
        if first in {b"", ",".join(HEADER).encode()}:
            return
    raise InvalidSource(f"{path} is no file of rejects, and is left as it is. Name another.")


class RejectsFile:
    def __init__(self, path: Path, keep_bytes: int = 0) -> None:
        """What an earlier run said no longer holds, but for the bytes that a run which goes on there wants kept."""
        self.path = path
        self.bytes = keep_bytes
        self._file: TextIO | None = None

    def __enter__(self) -> "RejectsFile":
        check_rejects(self.path)
        self.bytes = min(self.bytes, self.path.stat().st_size if self.path.exists() else 0)
        if self.bytes:
            os.truncate(self.path, self.bytes)
        else:
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, where: str, product_id: str, reason: str) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8", errors="backslashreplace", newline="")
        if self._file.tell() == 0:
            csv.writer(self._file).writerow(HEADER)
        csv.writer(self._file).writerow([where, product_id, reason])
        self._file.flush()
        self.bytes = self._file.tell()
