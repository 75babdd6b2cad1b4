"""The names in a zip: of any alphabet, in any spelling, and never a way out of the folder."""

import contextlib
import re
import unicodedata
from collections.abc import Sequence
from zipfile import ZipInfo

from service.catalog.imports.errors import UnusableArchive
from service.catalog.sources.cells import shown

_UTF8_SAID = 0x800
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_THE_SHOPS = {"__MACOSX"}


def parts_of(info: ZipInfo) -> tuple[str, ...]:
    name = _spelt(info).replace("\\", "/")
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        raise UnusableArchive(f"{shown(name)} in the zip leads out of its folder.")
    return tuple(part for part in parts if part not in {"", "."})


def ignored(parts: Sequence[str]) -> bool:
    """What systems put beside a person's files."""
    return not parts or any(part.startswith(".") or part in _NOT_THE_SHOPS for part in parts)


def _spelt(info: ZipInfo) -> str:
    """Many write UTF-8 and do not say so; some take letters apart that tables have in one piece."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_SAID:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name)
