"""Images fetched before, with what their server knows them by: a second run asks whether they have changed.

An entry is one file: the checksum of all that follows, a line of validators, the image. The name is the URL's
sha256, for a URL may hold secrets. A torn or damaged file fails its checksum and counts as absent, so nothing waits
for the disk.
"""

import asyncio
import hashlib
import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from service.catalog.locks import NamedLocks

log = logging.getLogger(__name__)

_HEAD_BYTES = 4_000
_MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    body: bytes
    etag: str
    modified: str

    @property
    def conditions(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


class ImageCache:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks = NamedLocks()
        self._complained = False

    async def load(self, url: str, max_bytes: int) -> Entry | None:
        return await asyncio.to_thread(_read, self._path(url), max_bytes)

    async def keep(self, url: str, headers: httpx.Headers, body: bytes) -> None:
        """What cannot be asked about again, or must not be kept, is not kept."""
        entry = Entry(body, headers.get("etag", ""), headers.get("last-modified", ""))
        too_long = any(len(value) > _MOST_CHARACTERS for value in entry.conditions.values())
        if not entry.conditions or too_long or "no-store" in headers.get("cache-control", "").lower():
            await self.forget(url)
            return
        async with self._locks.hold([url]):
            try:
                await asyncio.to_thread(_write, self._path(url), entry)
            except OSError as error:  # the image is here, and that is what was asked for
                self._complain(error)

    async def forget(self, url: str) -> None:
        with suppress(OSError):
            await asyncio.to_thread(self._path(url).unlink, missing_ok=True)

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return self._folder / name[:2] / name

    def _complain(self, error: OSError) -> None:
        if not self._complained:
            log.warning("fetched images cannot be cached in %s: %s", self._folder, error.strerror)
        self._complained = True


def _write(path: Path, entry: Entry) -> None:
    head = json.dumps({"etag": entry.etag, "modified": entry.modified}).encode() + b"\n"
    checksum = hashlib.sha256(head)
    checksum.update(entry.body)
    making = path.with_name(f".{path.name}.making")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with making.open("wb") as file:
            file.writelines([checksum.hexdigest().encode(), b"\n", head, entry.body])
        making.replace(path)
    except OSError:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise


def _read(path: Path, max_bytes: int) -> Entry | None:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > max_bytes + _HEAD_BYTES:
                return None
            expected, head, body = file.readline(_HEAD_BYTES), file.readline(_HEAD_BYTES), file.read()
        checksum = hashlib.sha256(head)
        checksum.update(body)
        if checksum.hexdigest().encode() + b"\n" != expected or len(body) > max_bytes:
            return None
        return Entry(body, **json.loads(head))
    except (OSError, ValueError, TypeError):
        return None
