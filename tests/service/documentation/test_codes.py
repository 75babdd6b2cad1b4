"""What a refusal may be called is in the documentation, with the status that it really has."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from starlette.exceptions import HTTPException

from embedder import EmbedderError, ImageError
from embedder.errors import ImageCode
from service import app, errors
from service.catalog.errors import CatalogError
from service.documentation.codes import CODES, codes_table
from service.store.errors import StoreError

# Roots that only stand for what is below them, and what is refused on the command line alone.
UNTOLD = {"catalog_error", "store_error", "schema_error", "unreadable_image"}
OF_HTTP = {"bad_request", "not_found", "method_not_allowed", "unsupported_media_type", "cors_refused"}
OF_ANSWERS = {
    "internal_error",
    "overloaded",
    "stopping",
    "device_error",
    "not_ready",
    "upload_not_kept",
    "head_too_large",
}


def below(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def raised() -> Iterator[tuple[str, type[Exception]]]:
    assert app  # whatever it imports is known by now
    for root in (EmbedderError, CatalogError, StoreError, HTTPException):
        for kind in below(root):
            if "code" in vars(kind) and kind.__module__.partition(".")[0] in {"embedder", "service"}:
                yield kind.code, kind


def test_every_code_is_told_and_none_that_nobody_raises() -> None:
    codes = {code for code, _ in raised()} | set(get_args(ImageCode)) | OF_HTTP | OF_ANSWERS
    assert codes - UNTOLD == set(CODES)


@pytest.mark.parametrize(("code", "kind"), [one for one in raised() if not issubclass(one[1], HTTPException)])
def test_an_errors_status_is_the_one_told(code: str, kind: type[Exception]) -> None:
    if code not in UNTOLD:
        assert status_of(kind, code) == CODES[code][0]


@pytest.mark.parametrize("code", get_args(ImageCode))
def test_a_pictures_status_is_the_one_told(code: str) -> None:
    assert status_of(ImageError, code) == CODES[code][0]


def status_of(kind: type[Exception], code: str) -> int:
    answered = next(status for parent, status, _ in errors._ANSWERS if issubclass(kind, parent))
    return errors._STATUS_BY_CODE.get(code, answered)


def test_the_table_has_a_line_for_each() -> None:
    table = codes_table().splitlines()
    assert len(table) == len(CODES) + 2
    assert "| `unknown_product` | 404 | There is no product with this id. |" in table
