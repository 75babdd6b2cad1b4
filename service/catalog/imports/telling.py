"""What an import could not take in, read out of its file while that may still grow."""

import asyncio
import csv
from collections.abc import AsyncIterator
from io import StringIO
from itertools import islice
from pathlib import Path

from service.catalog.rejects import HEADER
from service.catalog.sources.base import Reject

_BLOCK = 1 << 16
_HEADER_LINE = (",".join(HEADER) + "\r\n").encode()


async def first_rejects(file: Path, bytes_: int, count: int) -> list[Reject]:
    return await asyncio.to_thread(_first, file, bytes_, count) if bytes_ else []


async def rejects_csv(file: Path, bytes_: int) -> AsyncIterator[bytes]:
    """Of the file so many bytes, which end with a line; the header alone where there are none."""
    if not bytes_:
        yield _HEADER_LINE
        return
    at = 0
    while block := await asyncio.to_thread(_block, file, at, min(_BLOCK, bytes_ - at)):
        at += len(block)
        yield block


def _first(file: Path, bytes_: int, count: int) -> list[Reject]:
    """A reject may hold long names, and still not this much."""
    text = _block(file, 0, min(bytes_, count * _BLOCK)).decode("utf-8", "replace")
    rows = islice(csv.reader(StringIO(text, newline="")), 1, count + 1)
    return [Reject(*(row[0], row[2], row[1])) for row in rows if len(row) == len(HEADER)]


def _block(file: Path, at: int, bytes_: int) -> bytes:
    try:
        with file.open("rb") as opened:
            opened.seek(at)
            return opened.read(bytes_)
    except FileNotFoundError:  # its record was removed meanwhile
        return b""
