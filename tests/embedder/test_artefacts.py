import os
import shutil
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from embedder import artefacts
from embedder.artefacts import Artefacts, Recipe, library_name

RECIPE = Recipe.here("resnet50", "c0ffee", "bfloat16", (4, 1), 1)


def build(kept: Artefacts, recipe: Recipe = RECIPE) -> Path:
    lock = kept.try_lock()
    assert lock
    with lock, kept.building(recipe) as room:
        for batch in recipe.batches:
            (room / library_name(batch)).write_bytes(b"\x7fELF" + bytes(1000) + bytes([batch]))
        (room / "graph.pt").write_bytes(b"a by-product")
        (room / "inductor").mkdir()
    return kept.folder / recipe.key


@pytest.fixture
def kept(tmp_path: Path) -> Artefacts:
    return Artefacts(tmp_path / "cache" / "compiled")


def test_what_was_built_is_found_and_nothing_else_stays(kept: Artefacts) -> None:
    assert kept.find(RECIPE) is None
    entry = build(kept)
    assert kept.find(RECIPE) == {batch: entry / library_name(batch) for batch in (4, 1)}
    assert sorted(path.name for path in entry.iterdir()) == ["batch-1.so", "batch-4.so", "manifest.json"]
    assert sorted(path.name for path in kept.folder.iterdir()) == [".lock", entry.name]


def flipped(entry: Path) -> None:
    library = entry / library_name(1)
    data = bytearray(library.read_bytes())
    data[500] ^= 1
    library.chmod(0o700)
    library.write_bytes(data)


def truncated(entry: Path) -> None:
    library = entry / library_name(4)
    library.chmod(0o700)
    os.truncate(library, 100)


def foreign(entry: Path) -> None:
    """Sound in itself, and made for another processor."""
    other = replace(RECIPE, processor="a newer one")
    shutil.rmtree(entry)
    build(Artefacts(entry.parent), other).rename(entry)


def replaced(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.write_bytes(b"a file")


@pytest.mark.parametrize(
    "harm",
    [
        flipped,
        truncated,
        foreign,
        lambda entry: (entry / library_name(1)).unlink(),
        lambda entry: (entry / "manifest.json").unlink(),
        lambda entry: (entry / "manifest.json").write_text("{"),
        lambda entry: (entry / "manifest.json").write_text("[]"),
        lambda entry: (entry / "manifest.json").write_text("[" * 100_000),
        replaced,
        lambda entry: (entry.rename(entry.with_name("other")), entry.symlink_to("nowhere")),
        lambda entry: (entry / "manifest.json").write_bytes(b"\xff\xfe"),
        lambda entry: (entry / library_name(4)).chmod(0o722),
        lambda entry: entry.chmod(0o777),
        lambda entry: entry.parent.chmod(0o777),
        shutil.rmtree,
    ],
)
def test_an_entry_that_is_not_as_it_was_made_is_not_used(
    kept: Artefacts, harm: Callable[[Path], object]
) -> None:
    entry = build(kept)
    harm(entry)
    assert kept.find(RECIPE) is None
    kept.folder.chmod(0o700)
    build(kept)
    assert kept.find(RECIPE)


@pytest.mark.parametrize("field", [field.name for field in fields(Recipe)])
def test_whatever_the_code_depends_on_leads_to_another_entry(kept: Artefacts, field: str) -> None:
    changed: dict[str, object] = {"batches": (8, 1), "threads": 2}
    other = replace(RECIPE, **{field: changed.get(field, "other")})  # type: ignore[arg-type]
    assert other.key != RECIPE.key
    build(kept)
    assert kept.find(other) is None


def test_a_build_that_fails_leaves_what_was_there(kept: Artefacts) -> None:
    entry = build(kept)
    with pytest.raises(FileNotFoundError), kept.building(RECIPE) as room:
        (room / library_name(1)).write_bytes(b"one of two")
    assert kept.find(RECIPE)
    assert sorted(path.name for path in kept.folder.iterdir()) == [".lock", entry.name]


@pytest.mark.parametrize("what", ["a folder", "a file"])
def test_what_a_killed_build_left_behind_is_cleared_away(kept: Artefacts, what: str) -> None:
    left = kept.folder / f".{RECIPE.key}"
    kept.folder.mkdir(mode=0o700, parents=True)
    if what == "a folder":
        left.mkdir()
        (left / library_name(4)).write_bytes(b"half")
    else:
        left.write_bytes(b"in the way")
    build(kept)
    assert kept.find(RECIPE)
    assert not left.exists()


def test_entries_unused_for_a_month_are_swept_away(kept: Artefacts) -> None:
    month_ago = time.time() - 31 * 24 * 3600
    old, used = (build(kept, replace(RECIPE, torch=name)) for name in ("1.0", "1.1"))
    for entry in (old, used):
        os.utime(entry, (month_ago, month_ago))
    assert kept.find(replace(RECIPE, torch="1.1"))
    build(kept)
    assert not old.exists()
    assert used.exists()


def test_one_builds_at_a_time(kept: Artefacts) -> None:
    lock = kept.try_lock()
    assert lock
    assert kept.try_lock() is None
    lock.close()
    again = kept.try_lock()
    assert again
    again.close()


def test_the_processor_is_told_by_what_it_can_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "cpuinfo"
    monkeypatch.setattr(artefacts, "_CPU_INFO", told)
    kinds = set()
    for flags, speed in [("avx2", "1000"), ("avx2 avx512_bf16", "1000"), ("avx2", "2000")]:
        told.write_text(
            f"model name: A\ncpu MHz: {speed}\nflags: {flags}\n\nmodel name: A\n", encoding="ascii"
        )
        kinds.add(Recipe.here("resnet50", "c0ffee", "bfloat16", (1,), 1).processor)
    assert len(kinds) == 2
