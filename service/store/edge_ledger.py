"""How many points a shard holds and which, in our own hand: Edge has no checksums, and may come back with fewer.

The intended state is on disk before Edge is asked to write, so that whatever moment a kill or a power cut chooses,
what is found again is either the one or the other.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from service.store.errors import StoreDamaged

_RECORD = struct.Struct(">QQQQ")
_CHECK = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Contents:
    """`mark` is the exclusive or of a hash of every id: the same points in any order make the same mark."""

    count: int = 0
    mark: int = 0

    def changed(self, added: Iterable[str] = (), removed: Iterable[str] = ()) -> "Contents":
        count, mark = self.count, self.mark
        for id_ in added:
            count, mark = count + 1, mark ^ _hash(id_)
        for id_ in removed:
            count, mark = count - 1, mark ^ _hash(id_)
        return Contents(count, mark)


def _hash(id_: str) -> int:
    return int.from_bytes(blake2b(id_.encode(), digest_size=8).digest())


@dataclass(slots=True)
class Ledger:
    _descriptor: int
    contents: Contents

    @staticmethod
    def create(path: Path) -> None:
        path.write_bytes(_packed(Contents(), Contents()))

    @classmethod
    def open(cls, path: Path, found: Contents) -> "Ledger":
        """Fails if what was found in the shard is not what it was left with."""
        try:
            before, intended = _unpacked(path.read_bytes())
        except OSError as error:
            raise StoreDamaged(
                f"{path} cannot be read: {error.strerror}. Restore it from a backup."
            ) from error
        if found not in {before, intended}:
            raise StoreDamaged(
                f"{path.parent} holds {found.count:,} points and was left with {intended.count:,}, or not these. "
                "Restore it from a backup."
            )
        ledger = cls(os.open(path, os.O_RDWR), found)
        ledger._write(found, found)
        return ledger

    @contextmanager
    def entry(self, *, added: Iterable[str] = (), removed: Iterable[str] = ()) -> Iterator[None]:
        """Around one write to the shard. If that fails, `settle` has to say what the shard holds now."""
        intended = self.contents.changed(added, removed)
        if intended == self.contents:
            yield
            return
        self._write(self.contents, intended)
        os.fdatasync(self._descriptor)
        yield
        self.settle(intended)

    def settle(self, contents: Contents) -> None:
        self.contents = contents
        self._write(contents, contents)

    def _write(self, before: Contents, intended: Contents) -> None:
        os.pwrite(self._descriptor, _packed(before, intended), 0)

    def close(self) -> None:
        os.fdatasync(self._descriptor)
        os.close(self._descriptor)


def _packed(before: Contents, intended: Contents) -> bytes:
    record = _RECORD.pack(before.count, before.mark, intended.count, intended.mark)
    return record + _CHECK.pack(zlib.crc32(record))


def _unpacked(data: bytes) -> tuple[Contents, Contents]:
    record, check = data[: _RECORD.size], data[_RECORD.size :]
    if len(data) != _RECORD.size + _CHECK.size or _CHECK.unpack(check) != (zlib.crc32(record),):
        raise StoreDamaged("The ledger of the store is damaged. Restore it from a backup.")
    before_count, before_mark, count, mark = _RECORD.unpack(record)
    return Contents(before_count, before_mark), Contents(count, mark)
