"""A zip, looked through before any of it is unpacked. Nothing that it says of itself is believed.

It is refused whole where it is locked, leads out of its folder, or would fill the disk; a single file of it that cannot
be used is one reject.
"""

import io
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from service.catalog.imports.archive_names import ignored, parts_of
from service.catalog.imports.errors import UnusableArchive
from service.catalog.sources.base import IMAGE_SUFFIXES, Reject
from service.catalog.sources.cells import shown
from service.catalog.sources.rows import TABLE_SUFFIXES

_LONGEST_DIRECTORY = 24_000_000
"""Python reads a zip's table of contents at once, and makes some ten times as much of it."""
_IN_PARTS = "Send it in parts, or let `vizinho ingest` read the folder."
_LOCKED = 0x1 | 0x40 | 0x2000
_MOST_FOLDERS = 20_000
_DEEPEST = 32
_METHODS = {ZIP_STORED, ZIP_DEFLATED}
_INNOCENT_BYTES = 1_000_000
_ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"}


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    unpacked_bytes: int
    image_bytes: int
    entries: int = 200_000
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    place: str
    info: ZipInfo


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    with _Short(io.FileIO(path)) as file:
        try:
            archive = ZipFile(file)
        except (BadZipFile, NotImplementedError, ValueError, OverflowError, OSError, struct.error) as error:
            raise UnusableArchive("The file is no zip that can be read, or it is damaged.") from error
        with archive:
            yield archive


def members(archive: ZipFile, limits: ArchiveLimits) -> list[Member | Reject]:
    """What of it is a catalogue's: images and tables."""
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise UnusableArchive(f"The zip holds more than {limits.entries:,} files. {_IN_PARTS}")
    found = [member for info in infos for member in _looked_at(info, limits)]
    total = sum(member.info.file_size for member in found if isinstance(member, Member))
    if total > limits.unpacked_bytes:
        raise UnusableArchive(
            f"The zip holds more than the {limits.unpacked_bytes:,} bytes that are unpacked."
        )
    if (
        len({above for m in found if isinstance(m, Member) for above in PurePath(m.place).parents})
        > _MOST_FOLDERS
    ):
        raise UnusableArchive(f"The zip holds more than {_MOST_FOLDERS:,} folders.")
    if not any(isinstance(member, Member) for member in found):
        raise UnusableArchive("The zip holds neither images nor tables that can be read.")
    return found


def _looked_at(info: ZipInfo, limits: ArchiveLimits) -> Iterator[Member | Reject]:
    parts = parts_of(info)
    if info.orig_filename.endswith(("/", "\\")) or ignored(parts):
        return
    place = "/".join(parts)
    _refuse(info, place, limits)
    suffix = Path(parts[-1]).suffix.lower()
    if "\0" in place:
        yield Reject(place, "No file can have this name.")
    elif len(parts) > _DEEPEST:
        yield Reject(place, f"It lies more than {_DEEPEST} folders deep.")
    elif suffix in _ARCHIVES:
        yield Reject(place, "An archive inside the archive is not opened.")
    elif suffix in IMAGE_SUFFIXES and info.file_size > limits.image_bytes:
        yield Reject(place, f"The image is larger than the limit of {limits.image_bytes:,} bytes.")
    elif suffix in IMAGE_SUFFIXES | TABLE_SUFFIXES:
        yield Member(place, info)


def _refuse(info: ZipInfo, place: str, limits: ArchiveLimits) -> None:
    if info.flag_bits & _LOCKED:
        raise UnusableArchive("The zip is encrypted. Send it without a password.")
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
        raise UnusableArchive(f"{shown(place)} in the zip is a link or a device. It may hold files alone.")
    if info.compress_type not in _METHODS:
        raise UnusableArchive(
            f"{shown(place)} in the zip is packed by a method that is not taken: use deflate."
        )
    if info.file_size > _INNOCENT_BYTES and info.file_size > limits.ratio * info.compress_size:
        raise UnusableArchive(f"{shown(place)} in the zip is packed more than {limits.ratio} times over.")


class _Short(io.BufferedReader):
    """Whoever announces a table of contents of gigabytes is not given the memory for it."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONGEST_DIRECTORY:
            raise UnusableArchive(
                f"The zip's table of contents is larger than {_LONGEST_DIRECTORY:,} bytes. {_IN_PARTS}"
            )
        return super().read(size)
