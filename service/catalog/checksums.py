"""Checksums of files, in the form that sha256sum reads."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.store.errors import StoreDamaged
from service.store.files import write_atomically

FILE = "files.sha256"


def checksum(path: Path, *, sync: bool = False) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if sync:
            os.fsync(file.fileno())
    return digest


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def write_checksums(folder: Path, sums: Mapping[str, str]) -> str:
    """Returns the checksum of what it wrote."""
    write_atomically(folder / FILE, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
    return checksum(folder / FILE)


def read_checksums(folder: Path, expected: str) -> dict[str, str]:
    try:
        if checksum(folder / FILE) != expected:
            raise StoreDamaged(f"{folder / FILE} is not as the backup left it.")
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise StoreDamaged(f"{folder / FILE} cannot be read: {error.strerror}.") from error
    return {line[66:]: line[:64] for line in lines}


def check(folder: Path, name: str, expected: str) -> None:
    try:
        found = checksum(folder / name)
    except OSError as error:
        raise StoreDamaged(f"{folder / name} cannot be read: {error.strerror}.") from error
    if found != expected:
        raise StoreDamaged(f"{folder / name} is damaged: it is not what the backup left there.")
