"""Parquet: values keep their kind, and one row group is in memory at a time."""

import datetime
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.catalog.errors import InvalidSource
from service.catalog.sources.base import Url
from service.catalog.sources.detect import open_source
from service.catalog.sources.options import SourceOptions
from service.catalog.sources.table import TableSource
from tests.service.catalog.sources.reading import WEB, records, rejects

pyarrow: Any = pytest.importorskip("pyarrow")
parquet: Any = pytest.importorskip("pyarrow.parquet")


def write_table(path: Path, columns: dict[str, Any], rows_a_group: int = 1000) -> Path:
    parquet.write_table(pyarrow.table(columns), path, row_group_size=rows_a_group, compression="none")
    return path


def shop(path: Path, rows: int, **more: Any) -> Path:
    columns = {
        "id": [f"p{n}" for n in range(rows)],
        "category": ["Shoes"] * rows,
        "image": [f"{WEB}{n}.jpg" for n in range(rows)],
    }
    return write_table(path, columns | more, rows_a_group=4)


def test_values_keep_their_kind(tmp_path: Path) -> None:
    table = write_table(
        tmp_path / "shop.parquet",
        {
            "id": [7.0],
            "category": [["Shoes", "Boots"]],
            "images": [[f"{WEB}1.jpg", f"{WEB}2.jpg"]],
            "price": [Decimal("12.50")],
            "stock": [3],
            "new": [True],
            "since": [datetime.date(2024, 5, 1)],
            "sizes": [["38", "39"]],
            "size": [{"eu": 38, "us": float("nan")}],
        },
    )
    (record,) = records(TableSource(table))
    assert (record.product.id, record.product.category) == ("7", "Shoes/Boots")
    assert record.images == (Url(f"{WEB}1.jpg"), Url(f"{WEB}2.jpg"))
    assert record.product.attributes == {
        "price": 12.5,
        "stock": 3,
        "new": True,
        "since": "2024-05-01",
        "sizes": ["38", "39"],
        "size.eu": 38,
    }


def test_rows_are_counted_and_told_over_all_row_groups(tmp_path: Path) -> None:
    source = TableSource(shop(tmp_path / "shop.parquet", 10, price=[*range(9), None]))
    assert source.count() == 10
    assert [record.where for record in records(source)] == [f"shop.parquet row {n}" for n in range(1, 11)]
    assert records(source)[-1].product.attributes == {}


def test_a_value_of_the_wrong_kind_is_told(tmp_path: Path) -> None:
    source = TableSource(shop(tmp_path / "shop.parquet", 1, blob=[b"\xff\xd8"]))
    assert "is no text" in rejects(source)["shop.parquet row 1"]


def test_a_column_that_nobody_wants_is_not_read(tmp_path: Path) -> None:
    options = SourceOptions(columns={"colour": "colour"})
    source = TableSource(
        shop(tmp_path / "shop.parquet", 2, colour=["Red", "Blue"], blob=[b"a", b"b"]), options
    )
    assert [record.product.attributes for record in records(source)] == [
        {"colour": "Red"},
        {"colour": "Blue"},
    ]


def test_a_text_that_is_no_utf_8_spoils_its_own_row_only(tmp_path: Path) -> None:
    titles = pyarrow.array([b"fine", b"\xe9t\xe9", b"fine"]).view(pyarrow.string())
    source = TableSource(shop(tmp_path / "shop.parquet", 3, title=titles))
    assert list(rejects(source)) == ["shop.parquet row 2"]
    assert [record.product.id for record in records(source)] == ["p0", "p2"]


def test_a_damaged_row_group_is_told_and_the_next_one_is_read(tmp_path: Path) -> None:
    table = shop(tmp_path / "shop.parquet", 12)
    group = parquet.ParquetFile(table).metadata.row_group(1).column(0)
    content = bytearray(table.read_bytes())
    start = group.dictionary_page_offset or group.data_page_offset
    content[start : start + 20] = b"\xff" * 20
    table.write_bytes(content)
    source = TableSource(table)
    assert list(rejects(source)) == ["shop.parquet row 5"]
    assert [record.where for record in records(source)][4:] == [f"shop.parquet row {n}" for n in range(9, 13)]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"id,category,image\n"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shop.parquet").write_bytes(content)
    with pytest.raises(InvalidSource, match="no Parquet"):
        open_source(tmp_path / "shop.parquet")


def test_without_the_extra_the_command_that_installs_it_is_told(tmp_path: Path) -> None:
    table = shop(tmp_path / "shop.parquet", 1)
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from service.catalog.sources.detect import open_source\n"
        "from service.catalog.errors import InvalidSource\n"
        "try: open_source(sys.argv[1])\n"
        "except InvalidSource as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, table], capture_output=True, text=True, check=True)
    assert "pip install 'vizinho[parquet]'" in done.stdout
