"""An upload into its job's folder, under a name that is safe and still says what it is."""

import os
import shutil
import unicodedata
from pathlib import Path, PurePath
from typing import BinaryIO

from service.catalog.errors import InvalidSource
from service.catalog.imports.job import SUFFIXES
from service.store.files import check_room, sync

_LONGEST_STEM = 80
_BLOCK = 1 << 20


def safe_name(said: str) -> str:
    """Browsers send a name, old ones a whole path, and strangers anything."""
    name = unicodedata.normalize("NFC", said).replace("\\", "/").rpartition("/")[2]
    path = PurePath(name)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidSource(f"The file's name has to end in one of {', '.join(sorted(SUFFIXES))}.")
    stem = "".join(letter if letter.isprintable() else "_" for letter in path.stem).strip(". ")
    return f"{_shortened(stem) or 'catalogue'}{suffix}"


def keep(upload: BinaryIO, target: Path, reserve_bytes: int) -> None:
    """It is on the disk when this returns."""
    check_room(target.parent, upload.seek(0, os.SEEK_END), reserve_bytes)
    upload.seek(0)
    with target.open("wb") as file:
        shutil.copyfileobj(upload, file, _BLOCK)
        file.flush()
        os.fsync(file.fileno())
    sync(target.parent)


def _shortened(stem: str) -> str:
    """A file's name may have 255 bytes."""
    return stem.encode("utf-8", "replace")[:_LONGEST_STEM].decode("utf-8", "ignore")
