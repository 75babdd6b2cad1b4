"""`kaggle:owner/dataset`: downloaded by kagglehub, which keeps what it has and finds its credentials by itself."""

import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from service.catalog.errors import InvalidSource
from service.catalog.sources.extras import extra_module
from service.catalog.sources.listing import unwrapped

_PREFIX = "kaggle:"
_HANDLE = re.compile(r"[A-Za-z0-9_-]+/[A-Za-z0-9_][A-Za-z0-9_.-]*(/versions/[0-9]{1,6})?")
_MOST_WRAPPINGS = 3
_ERRORS = (
    "BackendError",
    "CredentialError",
    "DataCorruptionError",
    "KaggleEnvironmentError",
    "NotFoundError",
    "UnauthenticatedError",
)


def is_handle(where: str) -> bool:
    return where.startswith(_PREFIX)


def downloaded(where: str) -> Path:
    handle = where.removeprefix(_PREFIX)
    if not _HANDLE.fullmatch(handle):
        raise InvalidSource(
            f"{where!r} names no data set: write kaggle:owner/dataset, or kaggle:owner/dataset/versions/3."
        )
    kagglehub = extra_module("kagglehub", extra="kaggle", needed_for=where)
    try:
        return unwrapped(Path(kagglehub.dataset_download(handle)), _MOST_WRAPPINGS)
    except _failures() as error:
        # Neither its text nor its cause goes on: they may hold an address that is signed for one person.
        raise InvalidSource(f"{where} could not be downloaded: {_words(error)}") from None


def _failures() -> tuple[type[Exception], ...]:
    own = extra_module("kagglehub.exceptions", extra="kaggle", needed_for="Kaggle")
    broken = (OSError, ValueError, EOFError, tarfile.TarError, zipfile.BadZipFile)
    return (*broken, *(getattr(own, name) for name in _ERRORS if hasattr(own, name)))


def _words(error: Exception) -> str:
    status: Any = getattr(getattr(error, "response", None), "status_code", None)
    if status == 404:
        return "Kaggle knows no data set of that name."
    if status in {401, 403}:
        return "Kaggle does not let this account have it. See kagglehub's own guide for how to sign in."
    if status is not None:
        return f"Kaggle answered with status {status}."
    return f"{type(error).__name__}. Is Kaggle to be reached from here, and is there room on the disk?"
