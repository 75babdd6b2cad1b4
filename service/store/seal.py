"""Checksums of a folder that nobody writes to: whoever opens or restores it knows that it is what was left there."""

import errno
import hashlib
import json
import os
from pathlib import Path

from service.store.errors import StoreDamaged
from service.store.files import write_atomically

_BLOCK = 1 << 16
_ZEROS = bytes(_BLOCK)


def seal(folder: Path, file: Path) -> None:
    """Writes the checksums of everything below `folder` to `file`."""
    write_atomically(file, json.dumps(checksums(folder), indent=0, sort_keys=True) + "\n")


def verify(folder: Path, file: Path) -> None:
    try:
        expected = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreDamaged(f"{file} cannot be read: {error}.") from error
    found = checksums(folder)
    if wrong := sorted(name for name in expected | found if expected.get(name) != found.get(name)):
        named = ", ".join(wrong[:3]) + (" and others" if len(wrong) > 3 else "")
        raise StoreDamaged(
            f"{folder} is not as it was left: {named} changed or went missing. Restore it from a backup."
        )


def checksums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): checksum(path) for path in files}


def checksum(path: Path) -> str:
    """Of size and content. Edge sets aside files of many megabytes that are mostly holes: those cost nothing here."""
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_RDONLY)
    try:
        size, at = os.fstat(descriptor).st_size, 0
        digest.update(b"%d" % size)
        while at < size:
            at = _next_data(descriptor, at, size)
            block = os.pread(descriptor, _BLOCK, at)
            if not block:
                break
            if block != _ZEROS[: len(block)]:
                digest.update(b"@%d:" % at)
                digest.update(block)
            at += len(block)
    finally:
        os.close(descriptor)
    return digest.hexdigest()


def _next_data(descriptor: int, at: int, size: int) -> int:
    """Past a hole, to the start of the block in which data begin again: a copy may have other holes."""
    try:
        return os.lseek(descriptor, at, os.SEEK_DATA) // _BLOCK * _BLOCK
    except OSError as error:
        # Nothing but a hole up to the end; or a file system that knows of no holes.
        return size if error.errno == errno.ENXIO else at
