"""The file that says what could not be taken in, and why. Made when there is something to say."""

import csv
from pathlib import Path
from types import TracebackType
from typing import TextIO


class RejectsFile:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def __enter__(self) -> "RejectsFile":
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
            csv.writer(self._file).writerow(["where", "product_id", "reason"])
        csv.writer(self._file).writerow([where, product_id, reason])
        self._file.flush()
