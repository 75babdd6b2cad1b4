"""The name under which an upload is kept."""

from pathlib import Path

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.imports.uploads import safe_name


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("shop.csv", "shop.csv"),
        ("Autumn 2026.ZIP", "Autumn 2026.zip"),
        ("C:\\Users\\me\\shop.csv", "shop.csv"),
        ("../../etc/cron.d/shop.csv", "shop.csv"),
        ("/etc/shop.jsonl", "shop.jsonl"),
        ("a\0b\nc.csv", "a_b_c.csv"),
        ("...csv", "catalogue.csv"),
        (" .csv", "catalogue.csv"),
        ("鞋.csv", "鞋.csv"),
        ("é" * 300 + ".csv", "é" * 40 + ".csv"),
        ("\udce9.csv", "_.csv"),
    ],
)
def test_a_name_is_made_safe_and_still_says_what_the_file_is(said: str, kept: str, tmp_path: Path) -> None:
    assert safe_name(said) == kept
    (tmp_path / kept).write_bytes(b"")


@pytest.mark.parametrize("said", ["", ".", "..", "shop", "shop.csv/", "shop.exe", ".csv", "shop.csv.gz"])
def test_a_name_that_says_nothing_is_refused(said: str) -> None:
    with pytest.raises(InvalidSource, match=r"\.csv, \.jsonl"):
        safe_name(said)
