from pathlib import Path

import pytest

from service.catalog.quality.errors import Unmeasurable
from service.catalog.quality.pairs import pairs_in, placed
from tests.service.catalog.quality.shop import good

GOODS = [good(name, "A") for name in ("a", "b,c", "id")]


def written(folder: Path, data: bytes) -> Path:
    path = folder / "pairs.csv"
    path.write_bytes(data)
    return path


def test_pairs_are_two_ids_a_line_and_a_heading_is_none(tmp_path: Path) -> None:
    said = pairs_in(written(tmp_path, '\ufeffone,other\r\n a ,"b,c"\r\n\r\nid,a\ngone,a\n'.encode()))
    assert said == [("one", "other"), ("a", "b,c"), ("id", "a"), ("gone", "a")]
    assert placed(said, GOODS) == [(0, 1), (2, 0)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b\na\n", "Line 2 "),
        (b"a,b,c\n", "Line 1 "),
        (b"a,\n", "Line 1 "),
        (b"\xff\xfe,a\n", "no CSV in UTF-8"),
        (b"a," + b"b" * 200_000, "no CSV"),
    ],
)
def test_what_is_no_pair_is_told_with_its_line(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Unmeasurable, match=sentence):
        pairs_in(written(tmp_path, data))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unmeasurable, match="No such file"):
        pairs_in(tmp_path / "pairs.csv")


def test_pairs_of_other_products_are_of_no_use() -> None:
    with pytest.raises(Unmeasurable, match="Of 1 pairs none"):
        placed([("a", "gone")], GOODS)
