"""Files as a source finds them, and what it makes of them."""

import json
from pathlib import Path

from service.catalog.sources.base import Record, Reject, Source

WEB = "https://shop.example/"


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")
    return path


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def write_json(path: Path, *rows: object) -> Path:
    return write(path, *(json.dumps(row, ensure_ascii=False) for row in rows))


def records(source: Source) -> list[Record]:
    return [entry for entry in source.entries() if isinstance(entry, Record)]


def rejects(source: Source) -> dict[str, str]:
    return {entry.where: entry.reason for entry in source.entries() if isinstance(entry, Reject)}
