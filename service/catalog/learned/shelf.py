"""Learned models, kept in the data folder: a generation that one of them built is asked with that very one.

A file is there whole or not at all, what is under a name never changes, and whether it is whole is seen by its name,
which holds its sha256. One command at a time writes here (commands/alone.py).
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedder import WeightsMissing
from service.catalog.checksums import checksum
from service.catalog.folders import check_room
from service.catalog.learned.naming import Kind, is_learned, part_of, sha256_of
from service.store.errors import StoreDamaged
from service.store.files import sync

_SHELF = Path("models", "learned")
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy that has no name yet: what it is called is known once it has been loaded."""

    path: Path
    sha256: str


class Shelf:
    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / _SHELF

    def all(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(file for file in self.folder.iterdir() if is_learned(file.name) and file.is_file())

    def needed_by(self, fingerprint: str) -> list[Path]:
        parts = {*fingerprint.split(".")}
        return [file for file in self.all() if part_of(file.name) in parts]

    def check(self, file: Path) -> None:
        if checksum(file) != sha256_of(file.name):
            raise StoreDamaged(
                f"{file} is damaged. `vizinho reembed --weights FILE` (or `--fit FILE`) with the file that it was "
                "copied from puts it back, and embeds nothing anew; so does a restore of a backup."
            )

    @contextmanager
    def taking(self, file: Path, kind: Kind) -> Iterator[Taken]:
        if not file.is_file():
            raise WeightsMissing(f"There is no file {file}.")
        check_room(self.folder, file.stat().st_size)
        self.folder.mkdir(parents=True, exist_ok=True)
        # How weights are read is told by how their file's name ends.
        making = self.folder / f".{kind}.making{'.safetensors' if file.suffix == '.safetensors' else '.pth'}"
        try:
            yield Taken(making, _copied(file, making))
        finally:
            making.unlink(missing_ok=True)

    def keep(self, taken: Taken, part: str) -> Path:
        """Over what is there under the same name: that was the same, or was damaged."""
        kept = self.folder / f"{part}.{taken.sha256}{taken.path.suffix}"
        taken.path.replace(kept)
        for folder in (self.folder, self.folder.parent, self.folder.parent.parent):
            sync(folder)
        return kept

    def back_up(self, folder: Path, fingerprint: str) -> list[str]:
        needed = self.needed_by(fingerprint)
        for file in needed:
            self.check(file)
            (folder / _SHELF).mkdir(parents=True, exist_ok=True)
            _copied(file, folder / _SHELF / file.name)
        return [file.name for file in needed]

    def restore(self, folder: Path) -> int:
        """What a backup holds and is not here, or not whole. Returns how many files that were."""
        lacking = [file for file in Shelf(folder).all() if not self._has(file.name)]
        for file in lacking:
            with self.taking(file, "weights") as taken:
                if taken.sha256 != sha256_of(file.name):
                    raise StoreDamaged(f"{file} is damaged: it is not what its name says.")
                self.keep(taken, part_of(file.name))
        return len(lacking)

    def remove_unneeded(self, dropped: Iterable[str], kept: Iterable[str]) -> list[Path]:
        """Of generations that are gone, by their fingerprints. A file that none of them needed is let be."""
        needed = {file for fingerprint in kept for file in self.needed_by(fingerprint)}
        going = {file for fingerprint in dropped for file in self.needed_by(fingerprint)} - needed
        for file in going:
            file.unlink()
        return sorted(going)

    def _has(self, name: str) -> bool:
        kept = self.folder / name
        return kept.is_file() and checksum(kept) == sha256_of(name)


def _copied(source: Path, target: Path) -> str:
    """Returns the sha256 of what was written, which is on the disk by then."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_PIECE_BYTES):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()
