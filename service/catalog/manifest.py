"""What a backup says of itself.

DIR/
  backup.json      this
  files.sha256     every other file; `sha256sum --check files.sha256` inside DIR checks it without us
  store/           the live generation, in the store's own form
  models/learned/  what the generation's model was learned to be, where it was
  media/           originals and thumbnails, unless VIZINHO_MEDIA_URL keeps them elsewhere
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from service import __version__
from service.catalog.errors import InvalidSource
from service.store.base import Generation, Identity
from service.store.errors import StoreDamaged
from service.store.files import write_atomically

_FORMAT = 1
_FILE = "backup.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    generation: Generation
    images: int
    files: int
    bytes: int
    has_media: bool
    checksums: str
    """The sha256 of files.sha256."""

    def write(self, folder: Path) -> None:
        said = {
            "format": _FORMAT,
            "version": __version__,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            **asdict(self),
        }
        write_atomically(folder / _FILE, json.dumps(said, indent=2) + "\n")


def read_manifest(folder: Path) -> Manifest:
    try:
        said = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if said["format"] != _FORMAT:
            raise InvalidSource(
                f"{folder} was written by version {said['version']}, and this one cannot read it."
            )
        fields = said["generation"]
        generation = Generation(fields["name"], Identity(**fields["identity"]), tuple(fields["revisions"]))
        return Manifest(
            generation, said["images"], said["files"], said["bytes"], said["has_media"], said["checksums"]
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InvalidSource(f"{folder} is no backup: it has no {_FILE}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreDamaged(f"{folder / _FILE} cannot be read: {error}.") from error
