"""The folder where compiled graphs are kept. An entry holds one shared library for each batch size, and a manifest that
says what they were made from and what they look like: an entry that is damaged, or was made from or by anything else,
is not there as far as `find` is concerned, and is built anew."""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import torch
import torchvision

from .backbones import INPUT_SIZE
from .config import Precision
from .download import file_sha256
from .errors import CompilationFailed

GRAPH = "graph.pt"  # what a build starts from

_MANIFEST = "manifest.json"
_UNUSED_FOR_S = 30 * 24 * 3600
_CPU_INFO = Path("/proc/cpuinfo")
_WRITABLE_BY_OTHERS = 0o022
# What decides the machine code besides the network itself: the modules that describe and compile it.
_CODE = tuple(
    Path(__file__).with_name(name)
    for name in ("backbones.py", "compiler.py", "pooled.py", "runtime.py", "sided.py")
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a compiled graph depends on."""

    backbone: str
    weights: str
    fit: str
    input_size: int
    precision: Precision
    batches: tuple[int, ...]
    threads: int
    torch: str
    processor: str
    code: str

    @classmethod
    def here(
        cls,
        backbone: str,
        weights: str,
        precision: Precision,
        batches: tuple[int, ...],
        threads: int,
        *,
        fit: str = "",
        input_size: int = INPUT_SIZE,
    ) -> "Recipe":
        return cls(
            backbone,
            weights,
            fit,
            input_size,
            precision,
            batches,
            threads,
            _torch_version(),
            _processor(),
            _code(),
        )

    @property
    def key(self) -> str:
        canonical = json.dumps(asdict(self), sort_keys=True)
        return f"{self.backbone}-{self.precision}-{hashlib.sha256(canonical.encode()).hexdigest()[:16]}"


class Artefacts:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, recipe: Recipe) -> dict[int, Path] | None:
        """The library for each batch size; None where there is no entry, or none to be trusted."""
        entry = self.folder / recipe.key
        try:
            manifest = json.loads((entry / _MANIFEST).read_text())
            libraries = {batch: entry / library_name(batch) for batch in recipe.batches}
            owned = all(_is_ours(path) for path in (self.folder, entry, *libraries.values()))
            if not owned or manifest != _manifest(recipe, libraries):
                return None
        except (OSError, RecursionError, ValueError):
            return None
        with suppress(OSError):
            os.utime(entry)  # in use: not to be swept away
        return libraries

    @contextmanager
    def building(self, recipe: Recipe) -> Iterator[Path]:
        """An empty private folder; what is in it after the block becomes the entry, whole or not at all."""
        room = self.folder / f".{recipe.key}"
        _remove(room)
        room.mkdir(mode=0o700)
        try:
            yield room
            self._publish(recipe, room)
        finally:
            _remove(room)

    def _publish(self, recipe: Recipe, room: Path) -> None:
        wanted = {batch: room / library_name(batch) for batch in recipe.batches}
        for path in room.iterdir():
            if path in wanted.values():
                path.chmod(0o500)
            else:
                _remove(path)
        (room / _MANIFEST).write_text(json.dumps(_manifest(recipe, wanted), indent=1))
        entry = self.folder / recipe.key
        _remove(entry)
        room.rename(entry)
        self._sweep()

    def _sweep(self) -> None:
        """A new version of torch or of the weights leaves its predecessor's entry behind."""
        for entry in filter(Path.is_dir, self.folder.iterdir()):
            with suppress(OSError):
                if time.time() - entry.stat().st_mtime > _UNUSED_FOR_S:
                    shutil.rmtree(entry)

    def try_lock(self) -> IO[bytes] | None:
        """Held while the file is open: two processes that need the same graph need not both compile it."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(self.folder):
                raise CompilationFailed(f"{self.folder} can be written to by others.")
            lock = (self.folder / ".lock").open("wb")
        except OSError as error:
            raise CompilationFailed(f"{self.folder} cannot be written to: {error}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        except OSError as error:
            lock.close()
            raise CompilationFailed(f"{self.folder} cannot be locked: {error}.") from error
        return lock


def library_name(batch: int) -> str:
    return f"batch-{batch}.so"


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _manifest(recipe: Recipe, libraries: dict[int, Path]) -> dict[str, object]:
    made = {path.name: file_sha256(path) for path in libraries.values()}
    # Through JSON and back, so that it compares equal to one that was read.
    manifest: dict[str, object] = json.loads(json.dumps({"recipe": asdict(recipe), "sha256": made}))
    return manifest


def _is_ours(path: Path) -> bool:
    # A library runs with all our rights as soon as it is loaded: nobody else may have had a hand in it.
    status = path.stat()
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & _WRITABLE_BY_OTHERS


def _torch_version() -> str:
    return f"{torch.__version__} {torch.version.git_version} {torchvision.__version__}"


def _processor() -> str:
    """Compiled for this very processor: on a lesser one the code would be an illegal instruction."""
    try:
        first = _CPU_INFO.read_text().split("\n\n")[0]
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    telling = ("model name", "flags", "Features", "CPU part")
    lines = [line for line in first.splitlines() if line.startswith(telling)]
    return f"{platform.machine()} {hashlib.sha256(''.join(lines).encode()).hexdigest()[:16]}"


def _code() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in _CODE)).hexdigest()[:16]
