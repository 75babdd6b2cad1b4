"""`vizinho ingest` as people and scripts use it."""

import csv
import os
import pty
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.in_process import here
from tests.e2e.running import VIZINHO, environment, vizinho
from tests.pictures import COLOURS, picture


def draw_shop(folder: Path, variants: int = 2) -> int:
    for colour in COLOURS:
        for variant in range(variants):
            image = folder / f"Shoes/{colour}/{variant}.jpg"
            image.parent.mkdir(parents=True, exist_ok=True)
            image.write_bytes(picture(colour, variant=variant, side=64))
    return len(COLOURS) * variants


def counted(output: str, what: str) -> int:
    line = next(line for line in output.splitlines() if line.strip().startswith(what))
    return int(line.split()[len(what.split())].rstrip(",").replace(",", ""))


def test_a_dry_run_shows_the_first_rows_as_they_are_mapped_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text(
        "sku,name,kind,photo,price\n7,Red shoe,Shoes/High,red.jpg,9.5\n8,,,red.jpg,1\n", encoding="utf-8"
    )
    (tmp_path / "red.jpg").write_bytes(picture("red"))
    columns = ["--map", "id=sku", "--map", "title=name", "--map", "category=kind", "--map", "image=photo"]
    done = here(
        tmp_path / "data",
        "ingest",
        tmp_path / "shop.csv",
        *columns,
        "--map",
        "price:number=price",
        "--dry-run",
    )
    assert done.exit_code == 0, done.stderr
    assert "Red shoe" in done.stdout
    assert "Shoes/High" in done.stdout
    assert "price=9.5" in done.stdout
    assert "rejected" in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_limit_reads_so_many_and_the_next_run_goes_on(tmp_path: Path) -> None:
    count = draw_shop(tmp_path / "shop")
    first = here(tmp_path / "data", "ingest", tmp_path / "shop", "--limit", "3")
    assert (first.exit_code, counted(first.stdout, "added")) == (0, 3)
    second = here(tmp_path / "data", "ingest", tmp_path / "shop")
    assert counted(second.stdout, "added") == count - 3
    assert counted(second.stdout, "skipped, unchanged") == 3


def test_pruning_removes_what_the_source_does_not_have_and_nothing_else(tmp_path: Path) -> None:
    count = draw_shop(tmp_path / "shop")
    assert here(tmp_path / "data", "ingest", tmp_path / "shop").exit_code == 0
    (tmp_path / "shop/Shoes/red/0.jpg").unlink()
    done = here(tmp_path / "data", "ingest", tmp_path / "shop", "--prune", "--yes")
    assert counted(done.stdout, "removed") == 1
    again = here(tmp_path / "data", "ingest", tmp_path / "shop", "--prune", "--yes")
    assert "removed" not in again.stdout
    assert counted(again.stdout, "skipped, unchanged") == count - 1


def test_pruning_asks_whoever_sits_there_and_a_no_is_a_no(tmp_path: Path) -> None:
    draw_shop(tmp_path / "shop", variants=1)
    assert here(tmp_path / "data", "ingest", tmp_path / "shop").exit_code == 0
    (tmp_path / "shop/Shoes/red/0.jpg").unlink()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [VIZINHO, "ingest", str(tmp_path / "shop"), "--prune"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path / "data"),
        text=True,
    ) as process:
        os.write(ours, b"n\n")
        said, asked = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "does not have: 1" in asked
    assert "removed" not in said
    kept = here(tmp_path / "data", "ingest", tmp_path / "shop", "--prune", "--yes")
    assert counted(kept.stdout, "removed") == 1


@pytest.mark.parametrize(
    "rows",
    [
        "id,category,image\n",
        'id,category,image\n1,Shoes,a.jpg\n2,"Shoes,a.jpg\n3,Shoes,a.jpg\n',
        "id,category,image\n1,Shoes,a.jpg\n2,Shoes\n",
    ],
    ids=["empty", "unclosed", "short"],
)
def test_nothing_is_pruned_where_the_source_could_not_be_read_whole(tmp_path: Path, rows: str) -> None:
    (tmp_path / "a.jpg").write_bytes(picture("red", side=64))
    whole = "id,category,image\n1,Shoes,a.jpg\n2,Shoes,a.jpg\n3,Shoes,a.jpg\n"
    table = tmp_path / "shop.csv"
    table.write_text(whole, encoding="utf-8")
    assert here(tmp_path / "data", "ingest", table).exit_code == 0
    table.write_text(rows, encoding="utf-8")
    done = here(tmp_path / "data", "ingest", table, "--prune", "--yes")
    assert done.exit_code == 1
    assert "Nothing was removed" in done.stderr
    table.write_text(whole, encoding="utf-8")
    again = here(tmp_path / "data", "ingest", table)
    assert counted(again.stdout, "skipped, unchanged") == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("--prune", "--yes", "--limit", "3"),
        ("--prune",),
        ("--layout", "shelf"),
        ("--map", "nonsense"),
        ("--limit", "0"),
        ("--separator", ""),
    ],
)
def test_wrong_usage_is_exit_status_2_before_anything_is_opened(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    draw_shop(tmp_path / "shop", variants=1)
    done = here(tmp_path / "data", "ingest", tmp_path / "shop", *arguments)
    assert done.exit_code == 2, done.stderr
    assert not (tmp_path / "data/store").exists()


def test_rejects_go_where_they_are_wanted_and_scripts_are_told(tmp_path: Path) -> None:
    draw_shop(tmp_path / "shop", variants=1)
    (tmp_path / "shop/Shoes/red/0.jpg").write_bytes(b"no picture")
    done = vizinho(tmp_path / "data", "ingest", tmp_path / "shop", "--rejects", tmp_path / "wrong.csv")
    assert done.returncode == 3
    with (tmp_path / "wrong.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["product_id"] == "Shoes/red/0.jpg"


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_killed_again_and_again_it_ends_as_if_it_had_never_been(tmp_path: Path) -> None:
    chance = random.Random(5)
    count = draw_shop(tmp_path / "shop", variants=40)
    killed = 0
    for _ in range(4):
        with subprocess.Popen(
            [VIZINHO, "ingest", str(tmp_path / "shop")],
            env=environment(tmp_path / "data"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            until = time.monotonic() + 60
            while not list((tmp_path / "data").glob("media/originals/*/*")) and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(chance.random() * 1.5)
            killed += process.poll() is None
            os.killpg(process.pid, signal.SIGKILL)
    assert killed
    done = vizinho(tmp_path / "data", "ingest", tmp_path / "shop")
    assert done.returncode == 0, done.stderr
    assert counted(done.stdout, "added") + counted(done.stdout, "skipped, unchanged") == count
    again = vizinho(tmp_path / "data", "ingest", tmp_path / "shop", "--prune", "--yes")
    assert counted(again.stdout, "skipped, unchanged") == count
    assert counted(again.stdout, "images embedded") == 0
    assert "removed" not in again.stdout
    assert len(list((tmp_path / "data").glob("media/originals/*/*"))) == count
