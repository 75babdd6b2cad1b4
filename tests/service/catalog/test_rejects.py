import csv
from pathlib import Path

import pytest

from service.catalog.rejects import HEADER, RejectsFile
from service.store.errors import StoreFull


def listed(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_of_very_many_the_first_are_listed_and_it_is_said_that_there_are_more(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    with RejectsFile(path, max_bytes=1_000) as rejects:
        for line in range(10_000):
            rejects.add(f"line {line}", "", "no image")
    rows = listed(path)
    assert rows[:2] == [HEADER, ["line 0", "", "no image"]]
    assert rows[-1][:2] == ["", ""]
    assert "only counted" in rows[-1][2]
    assert 1_000 < path.stat().st_size == rejects.bytes < 1_200
    with RejectsFile(path, rejects.bytes, max_bytes=1_000) as rejects:
        rejects.add("line 10000", "", "no image")
    assert listed(path) == rows


def test_a_disk_without_room_takes_none(tmp_path: Path) -> None:
    with RejectsFile(tmp_path / "rejects.csv", reserve_bytes=1 << 60) as rejects, pytest.raises(StoreFull):
        rejects.add("line 1", "", "no image")
