"""The file that says what could not be taken in, and why. Made when there is something to say."""

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import TextIO

from service.catalog.errors import InvalidSource
from service.store.files import check_room

HEADER = ["where", "product_id", "reason"]
_TOLD = "More was rejected than is listed here: the rest is only counted."
_LOOKED_EVERY_BYTES = 1_000_000


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
    def __init__(
        self, path: Path, keep_bytes: int = 0, *, max_bytes: int | None = None, reserve_bytes: int = 0
    ) -> None:
        """What an earlier run said no longer holds, but for the bytes that a run which goes on there wants kept."""
        self.path = path
        self.bytes = keep_bytes
        self._max_bytes = max_bytes
        self._reserve_bytes = reserve_bytes
        self._looked_at = 0
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
        if self._is_full():
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("a", encoding="utf-8", errors="backslashreplace", newline="")
        if self.bytes == 0:
            self._write(HEADER)
        self._write([where, product_id, reason])
        if self._is_full():
            self._write(["", "", _TOLD])
        self._file.flush()

    def _is_full(self) -> bool:
        return self._max_bytes is not None and self.bytes >= self._max_bytes

    def _write(self, row: list[str]) -> None:
        assert self._file is not None  # noqa: S101 - opened by add
        if self.bytes >= self._looked_at:
            check_room(self.path.parent, 0, self._reserve_bytes)
            self._looked_at = self.bytes + _LOOKED_EVERY_BYTES
        csv.writer(self._file).writerow(row)
        self.bytes = self._file.tell()
