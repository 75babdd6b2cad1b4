"""Whatever bytes a table is made of, it is refused as a whole or gives records and rejects."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.catalog.errors import InvalidProduct, InvalidSource
from service.catalog.products import checked
from service.catalog.sources.base import Record, Reject
from service.catalog.sources.detect import open_source

_PIECES = st.sampled_from(
    [b",", b"\n", b'"', b"\r", b"\0", b"\xff", b"\xe9", b"1", b"Shoes", b"a.jpg", b"../a.jpg", b"https://x/a", b"|",
     b"[", b"{", b"}", b"]", b":", b"null", b"1e999", b'\\ud800', b"\xef\xbb\xbf", b" ", b"/", b"'"]
)  # fmt: skip
_BYTES = st.lists(st.one_of(_PIECES, st.binary(max_size=6)), max_size=40).map(b"".join)
_CELL = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
_OBJECT = st.dictionaries(
    st.sampled_from(["id", "category", "image", "images", "price", "title", "x\ny"]),
    st.recursive(
        _CELL, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2)
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "a.jpg").write_bytes(b"picture")
    return folder


def is_read(table: Path) -> None:
    try:
        source = open_source(table)
    except InvalidSource as error:
        is_said(str(error))
        return
    for entry in source.entries():
        assert isinstance(entry, Record | Reject)
        if isinstance(entry, Reject):
            is_said(entry.reason)
        else:
            is_kept_or_refused(entry)
    assert source.count() >= 0
    assert all(f"{field}{words}".isprintable() for field, words in source.mapping().items())


def is_kept_or_refused(record: Record) -> None:
    is_said(repr(record))
    try:
        checked(record.product)
    except InvalidProduct as error:
        is_said(str(error))


def is_said(words: str) -> None:
    """No lone surrogates: they would end the run where it is written down."""
    assert words.encode()


@settings(max_examples=250, deadline=None)
@given(body=_BYTES, header=st.sampled_from([b"id,category,image\n", b"id;category;image;price\n", b""]))
def test_a_csv_of_any_bytes(folder: Path, body: bytes, header: bytes) -> None:
    (folder / "shop.csv").write_bytes(header + body)
    is_read(folder / "shop.csv")


@settings(max_examples=150, deadline=None)
@given(body=_BYTES)
def test_a_styles_csv_of_any_bytes(folder: Path, body: bytes) -> None:
    (folder / "styles.csv").write_bytes(b"id,masterCategory,productDisplayName\n" + body)
    is_read(folder / "styles.csv")


@settings(max_examples=150, deadline=None)
@given(body=_BYTES)
def test_a_jsonl_of_any_bytes(folder: Path, body: bytes) -> None:
    good = b'{"id": "1", "category": "Shoes", "image": "a.jpg", "price": 1}\n'
    (folder / "shop.jsonl").write_bytes(good + body)
    is_read(folder / "shop.jsonl")


@settings(max_examples=250, deadline=None)
@given(rows=st.lists(_OBJECT, max_size=4))
def test_a_jsonl_of_any_values(folder: Path, rows: list[dict[str, object]]) -> None:
    good = {"id": "1", "category": "Shoes", "image": "a.jpg", "price": 1}
    (folder / "shop.jsonl").write_text("\n".join(json.dumps(row) for row in [good, *rows]), encoding="utf-8")
    is_read(folder / "shop.jsonl")
