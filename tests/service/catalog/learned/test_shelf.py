"""What is on the shelf is whole, and is what its name says."""

import os
import shutil
from collections import namedtuple
from hashlib import sha256
from pathlib import Path

import pytest

from embedder import WeightsMissing
from service.catalog.learned.naming import is_learned
from service.catalog.learned.shelf import Shelf
from service.store.errors import StoreDamaged, StoreFull

PART = "weights-0a1b2c3d"
FINGERPRINT = f"resnet50.{PART}.224.unit.0123456789ab"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


def put(shelf: Shelf, folder: Path, data: bytes = b"learned", part: str = PART) -> Path:
    file = folder / "trained.safetensors"
    file.write_bytes(data)
    with shelf.taking(file, "weights") as taken:
        return shelf.keep(taken, part)


def names(shelf: Shelf) -> list[str]:
    return sorted(file.name for file in shelf.folder.iterdir())


def test_a_file_is_found_by_the_fingerprint_that_needs_it(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.needed_by(FINGERPRINT) == []
    kept = put(shelf, tmp_path)
    assert kept.name == f"{PART}.{sha256(b'learned').hexdigest()}.safetensors"
    put(shelf, tmp_path, b"another", "weights-ffffffff")
    fit = put(shelf, tmp_path, b"fit", "fit-01234567-256")
    assert shelf.needed_by(FINGERPRINT) == [kept]
    assert shelf.needed_by(f"resnet50.{PART}.224.fit-01234567-256.unit.ba9876543210") == [fit, kept]
    assert shelf.needed_by(f"resnet50.{PART}0.224.unit.0123456789ab") == []
    shelf.check(kept)


def test_what_was_left_half_written_or_is_something_else_is_nothing(shelf: Shelf, tmp_path: Path) -> None:
    kept = put(shelf, tmp_path)
    (shelf.folder / ".weights.making.safetensors").write_bytes(b"hal")
    (shelf.folder / f"{PART}.txt").write_bytes(b"")
    (shelf.folder / f"{PART}.{'0' * 64}.pth").mkdir()
    assert shelf.all() == [kept]
    put(shelf, tmp_path)
    assert ".weights.making.safetensors" not in names(shelf)


@pytest.mark.parametrize(
    "name",
    [
        f"../{PART}.{'0' * 64}.pth",
        f"{PART}.{'0' * 64}.exe",
        f"{PART}.{'0' * 63}.pth",
        f"{PART}.{'0' * 64}.pth\n",
        f"fit-01234567.{'0' * 64}.safetensors",
        "backup.json",
    ],
)
def test_other_names_are_no_learned_models(name: str) -> None:
    assert not is_learned(name)


def test_a_damaged_file_is_told_by_its_name_and_mended_by_the_same_file(shelf: Shelf, tmp_path: Path) -> None:
    kept = put(shelf, tmp_path)
    kept.write_bytes(b"learnet")
    with pytest.raises(StoreDamaged, match=f"{kept.name}.*reembed --weights"):
        shelf.check(kept)
    assert put(shelf, tmp_path) == kept
    shelf.check(kept)
    assert names(shelf) == [kept.name]


def test_what_cannot_be_copied_leaves_nothing(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for wrong in (tmp_path / "nowhere", tmp_path, tmp_path / "pipe"):
        with pytest.raises(WeightsMissing, match=wrong.name), shelf.taking(wrong, "weights"):
            pass
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    with pytest.raises(StoreFull):
        put(shelf, tmp_path)
    assert shelf.all() == []


def test_who_does_not_keep_what_was_taken_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "rubbish").write_bytes(b"rubbish")
    with pytest.raises(ValueError, match="no weights"), shelf.taking(tmp_path / "rubbish", "weights"):
        raise ValueError("no weights")
    assert names(shelf) == []


def test_a_backup_takes_what_its_generation_needs_and_gives_it_back(shelf: Shelf, tmp_path: Path) -> None:
    kept = put(shelf, tmp_path)
    put(shelf, tmp_path, b"another", "weights-ffffffff")
    (tmp_path / "backup").mkdir()
    assert shelf.back_up(tmp_path / "backup", FINGERPRINT) == [kept.name]
    assert shelf.restore(tmp_path / "backup") == 0
    kept.write_bytes(b"damaged since")
    assert shelf.restore(tmp_path / "backup") == 1
    there = Shelf(tmp_path / "elsewhere")
    assert there.restore(tmp_path / "backup") == 1
    assert [file.read_bytes() for file in there.needed_by(FINGERPRINT)] == [b"learned"]


def test_a_damaged_model_goes_neither_into_a_backup_nor_out_of_one(shelf: Shelf, tmp_path: Path) -> None:
    kept = put(shelf, tmp_path)
    (tmp_path / "backup").mkdir()
    shelf.back_up(tmp_path / "backup", FINGERPRINT)
    for file in (kept, *Shelf(tmp_path / "backup").all()):
        file.write_bytes(b"damaged")
    with pytest.raises(StoreDamaged, match="damaged"):
        shelf.back_up(tmp_path / "backup", FINGERPRINT)
    there = Shelf(tmp_path / "elsewhere")
    with pytest.raises(StoreDamaged, match="not what its name says"):
        there.restore(tmp_path / "backup")
    assert there.all() == []


def test_only_what_dropped_generations_needed_goes(shelf: Shelf, tmp_path: Path) -> None:
    kept, unused = put(shelf, tmp_path), put(shelf, tmp_path, b"unused", "weights-ffffffff")
    fit = put(shelf, tmp_path, b"fit", "fit-01234567-256")
    fitted = f"resnet50.{PART}.224.fit-01234567-256.unit.ba9876543210"
    assert shelf.remove_unneeded([fitted], [FINGERPRINT]) == [fit]
    assert shelf.all() == [kept, unused]
    assert shelf.remove_unneeded([FINGERPRINT], []) == [kept]
