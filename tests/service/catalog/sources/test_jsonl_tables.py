"""JSON lines: values keep their kind."""

import json
from pathlib import Path

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources import jsonl_rows
from service.catalog.sources.base import Url
from service.catalog.sources.jsonl_rows import JsonlRows
from service.catalog.sources.options import SourceOptions
from service.catalog.sources.table import TableSource
from tests.service.catalog.sources.reading import WEB, records, rejects, touch, write, write_json

GOOD = {"id": "good", "category": "Shoes", "images": [f"{WEB}1.jpg"]}


def test_values_keep_their_kind(tmp_path: Path) -> None:
    row = {
        **GOOD,
        "id": 12,
        "category": ["Women's", "Shoes/Boots"],
        "price": 12.5,
        "stock": 3,
        "new": False,
        "sizes": [38, "39"],
        "season": None,
        "attributes": {"colour": "Red"},
    }
    (record,) = records(TableSource(write_json(tmp_path / "shop.jsonl", row)))
    assert (record.product.id, record.product.category) == ("12", "Women's/Shoes-Boots")
    assert record.product.attributes == {
        "price": 12.5,
        "stock": 3,
        "new": False,
        "sizes": ["38", "39"],
        "colour": "Red",
    }
    assert record.images == (Url(f"{WEB}1.jpg"),)


def test_several_images_local_and_elsewhere(tmp_path: Path) -> None:
    touch(tmp_path / "a.jpg")
    row = {**GOOD, "images": ["a.jpg", f"{WEB}2.jpg", "a.jpg"]}
    (record,) = records(TableSource(write_json(tmp_path / "shop.ndjson", row)))
    assert record.images == (tmp_path / "a.jpg", Url(f"{WEB}2.jpg"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": True}, "no text"),
        ({"id": {"a": 1}}, "no id"),
        ({"id": None}, "no id"),
        ({"category": {}}, "no category"),
        ({"category": [["a"]]}, "no text"),
        ({"images": []}, "names no image"),
        ({"images": [{"src": "a"}]}, "no text"),
        ({"images": 7}, "no image '7'"),
        ({"images": ["../a.jpg"]}, "leads out"),
        ({"price": [[1]]}, "no text"),
        ({"title": "\ud800"}, "no UTF-8"),
        ({"title": ["a"]}, "no text"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(tmp_path: Path, row: dict[str, object], reason: str) -> None:
    lines = [json.dumps(GOOD), json.dumps({**GOOD, "id": "2", "price": 1, "title": "t"} | row)]
    told = rejects(TableSource(write(tmp_path / "shop.jsonl", *lines)))
    assert list(told) == ["shop.jsonl line 2"]
    assert reason in told["shop.jsonl line 2"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": 1,', "no JSON"),
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b'{"id": NaN}', "no JSON that can be read"),
        (b'{"id": ' + b"9" * 5000 + b"}", "no JSON that can be read"),
        (b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "no JSON that can be read"),
        (b'{"id": "\xe9"}', "no UTF-8"),
        (b'{"id": "' + b"x" * (1 << 22) + b'"}', "longer than"),
        (b"\0\0\0", "no JSON"),
    ],
)
def test_a_line_that_is_no_object_is_told_and_the_others_go_in(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    good = json.dumps(GOOD).encode()
    (tmp_path / "shop.jsonl").write_bytes(b"\xef\xbb\xbf" + good + b"\n" + line + b"\n\n" + good[:-1] + b"}")
    source = TableSource(tmp_path / "shop.jsonl")
    told = rejects(source)
    assert list(told) == ["shop.jsonl line 2"]
    assert reason in told["shop.jsonl line 2"]
    assert len(records(source)) == 1


def test_a_number_may_be_asked_of_a_text(tmp_path: Path) -> None:
    options = SourceOptions(columns={"price:number": "cost.eur"})
    table = write_json(tmp_path / "shop.jsonl", {**GOOD, "cost": {"eur": "12"}, "other": 1})
    (record,) = records(TableSource(table, options))
    assert record.product.attributes == {"price": 12}


def test_more_keys_than_a_table_has_columns_are_refused_at_once(tmp_path: Path) -> None:
    rows = [{**GOOD, **{f"{line} {n}": 0 for n in range(500)}} for line in range(3)]
    path = write_json(tmp_path / "shop.jsonl", *rows)
    with pytest.raises(InvalidSource, match="more than the 1,000 columns"):
        TableSource(path)


def test_of_long_lines_fewer_are_looked_at_for_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl_rows, "_SAMPLE_BYTES", 5_000)
    rows = [{**GOOD, f"key {line}": "x" * 1_000} for line in range(20)]
    source = JsonlRows(write_json(tmp_path / "shop.jsonl", *rows))
    assert source.columns == [*GOOD, *(f"key {line}" for line in range(4))]
    assert len(list(source.rows())) == 20
