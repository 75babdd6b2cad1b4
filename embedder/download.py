"""One file from the internet to one place on disk: whole and right, or not there at all."""

import hashlib
import http.client
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .errors import DownloadFailed

Progress = Callable[[int, int | None], None]

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    open_s: float = 12.0
    read_s: float = 15.0
    total_s: float = 1800.0
    max_bytes: int = 2 << 30


def download(
    url: str,
    target: Path,
    sha256_prefix: str,
    on_progress: Progress | None = None,
    limits: DownloadLimits = DownloadLimits(),
) -> None:
    # Beside the target, because a rename is atomic only within one file system.
    partial = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("xb") as file:
            digest = _fetch(url, file, on_progress, limits)
            file.flush()
            os.fsync(file.fileno())
        if not digest.startswith(sha256_prefix):
            raise DownloadFailed(f"{url} sent another file: its sha256 is {digest}, not {sha256_prefix}...")
        partial.replace(target)
    except (OSError, http.client.HTTPException) as error:
        raise DownloadFailed(f"{url} could not be downloaded: {error}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_matches(path: Path, sha256_prefix: str) -> bool:
    return file_sha256(path).startswith(sha256_prefix)


def _fetch(url: str, file: BinaryIO, on_progress: Progress | None, limits: DownloadLimits) -> str:
    deadline = time.monotonic() + limits.total_s
    digest, done = hashlib.sha256(), 0
    with _opened(url, limits) as response:
        length = response.headers.get("Content-Length")
        total = int(length) if length and length.isdecimal() else None
        # read1 returns what has come: read would wait for a whole chunk from a server that trickles.
        while chunk := response.read1(_CHUNK):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            if done > limits.max_bytes:
                raise DownloadFailed(f"{url} sends more than {limits.max_bytes} bytes.")
            if time.monotonic() > deadline:
                raise DownloadFailed(f"{url} took longer than {limits.total_s:.0f} s.")
            if on_progress:
                on_progress(done, total)
    if total is not None and done < total:
        raise DownloadFailed(f"{url} broke off after {done} of {total} bytes.")
    return digest.hexdigest()


def _opened(url: str, limits: DownloadLimits) -> http.client.HTTPResponse:
    """urlopen's timeout is per address and leaves out the name's look-up, so a dead network could take minutes;
    waiting for it from outside bounds the sum."""
    opening: Future[http.client.HTTPResponse] = Future()

    def open_url() -> None:
        try:
            opening.set_result(urllib.request.urlopen(url, timeout=limits.read_s))  # noqa: S310 - from the registry
        except Exception as error:  # noqa: BLE001 - handed to the waiting thread
            if isinstance(error, urllib.error.HTTPError):
                error.close()  # it is an open response as well
            opening.set_exception(error)

    threading.Thread(target=open_url, name="weights-download", daemon=True).start()
    try:
        return opening.result(limits.open_s)
    except TimeoutError:
        opening.add_done_callback(_close_late)
        raise DownloadFailed(f"{url} did not answer within {limits.open_s:.0f} s.") from None


def _close_late(opening: "Future[http.client.HTTPResponse]") -> None:
    if opening.exception() is None:
        opening.result().close()
