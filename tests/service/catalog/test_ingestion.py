"""Ingestion on real parts: streamed, resumable, and honest about what it could not take."""

import asyncio
import csv
import os
import signal
from pathlib import Path

import pytest

from embedder import ImageLimits
from service.catalog.catalog import Catalog
from service.catalog.ingestion import CHUNK, Ingestion, Summary
from service.catalog.rejects import RejectsFile
from service.catalog.sources.detect import open_source
from service.store.edge_generations import EdgeGenerations
from service.store.errors import StoreUnavailable
from tests.pictures import COLOURS, picture

pytestmark = pytest.mark.anyio


def draw_shop(folder: Path, variants: int = 3) -> int:
    for colour in COLOURS:
        for pattern in ("solid", "stripes", "dots"):
            for variant in range(variants):
                image = folder / f"Apparel/{pattern}/{colour}{variant}.jpg"
                image.parent.mkdir(parents=True, exist_ok=True)
                image.write_bytes(picture(colour, pattern, variant=variant, side=64))
    return len(COLOURS) * 3 * variants


async def ingest(catalog: Catalog, folder: Path, rejects: Path, progress: list[int] | None = None) -> Summary:
    seen = [] if progress is None else progress
    with RejectsFile(rejects) as file:
        ingestion = Ingestion(
            catalog,
            open_source(folder),
            file,
            ImageLimits().max_bytes,
            lambda summary: seen.append(summary.read),
        )
        return await ingestion.run()


def reasons(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["where"]: row["reason"] for row in csv.DictReader(file)}


async def test_a_folder_goes_in_whole_with_progress_and_without_rejects(
    catalog: Catalog, tmp_path: Path
) -> None:
    count = draw_shop(tmp_path / "shop")
    progress: list[int] = []
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv", progress)
    assert (summary.added, summary.embedded, summary.rejected) == (count, count, 0)
    assert await catalog.count_products() == count
    assert progress[-1] == count > CHUNK
    assert not (tmp_path / "rejects.csv").exists()


async def test_a_second_run_embeds_nothing_and_changes_nothing(catalog: Catalog, tmp_path: Path) -> None:
    count = draw_shop(tmp_path / "shop", variants=1)
    await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    assert (summary.unchanged, summary.embedded, summary.added, summary.replaced) == (count, 0, 0, 0)


async def test_one_changed_image_is_one_embedding(catalog: Catalog, tmp_path: Path) -> None:
    count = draw_shop(tmp_path / "shop", variants=1)
    await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    (tmp_path / "shop/Apparel/solid/red0.jpg").write_bytes(picture("yellow", variant=9))
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    assert (summary.replaced, summary.embedded, summary.unchanged) == (1, 1, count - 1)
    assert await catalog.count_images() == count


async def test_what_cannot_be_read_is_told_and_never_stops_the_run(catalog: Catalog, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    count = draw_shop(shop, variants=1)
    bad = shop / "Apparel/bad"
    bad.mkdir()
    (bad / "empty.jpg").write_bytes(b"")
    (bad / "page.jpg").write_bytes(b"<html>not found</html>")
    (bad / "cut.jpg").write_bytes(picture("red")[:900])
    (bad / "dangling.jpg").symlink_to(shop / "nowhere.jpg")
    (bad / "huge.jpg").write_bytes(b"\0" * (ImageLimits().max_bytes + 1))
    (shop / "stray.jpg").write_bytes(picture("red"))
    summary = await ingest(catalog, shop, tmp_path / "rejects.csv")
    assert (summary.added, summary.rejected) == (count, 6)
    told = reasons(tmp_path / "rejects.csv")
    assert told.keys() == {
        *(f"Apparel/bad/{name}.jpg" for name in ("empty", "page", "cut", "dangling", "huge")),
        "stray.jpg",
    }
    assert all(told.values())


async def test_mended_records_go_in_on_the_next_run_and_leave_the_rejects(
    catalog: Catalog, tmp_path: Path
) -> None:
    shop = tmp_path / "shop"
    draw_shop(shop, variants=1)
    broken = shop / "Apparel/solid/broken.jpg"
    broken.write_bytes(b"no")
    assert (await ingest(catalog, shop, tmp_path / "rejects.csv")).rejected == 1
    broken.write_bytes(picture("green", variant=5))
    summary = await ingest(catalog, shop, tmp_path / "rejects.csv")
    assert (summary.added, summary.rejected) == (1, 0)
    assert not (tmp_path / "rejects.csv").exists()


async def test_an_id_twice_in_the_source_is_taken_once_and_told(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images/1.jpg").write_bytes(picture("red"))
    (tmp_path / "styles.csv").write_text(
        "id,masterCategory,productDisplayName\n1,Shoes,First\n1,Shoes,Second\n", encoding="utf-8"
    )
    summary = await ingest(catalog, tmp_path, tmp_path / "rejects.csv")
    assert (summary.added, summary.rejected) == (1, 1)
    assert (await catalog.get("1")).product.title == "First"
    assert "twice" in reasons(tmp_path / "rejects.csv")["styles.csv line 3"]


async def test_a_store_that_goes_away_ends_the_run_and_the_next_run_finishes_it(
    catalog: Catalog, generations: EdgeGenerations, tmp_path: Path
) -> None:
    count = draw_shop(tmp_path / "shop", variants=12)
    told: list[int] = []

    def stop_then_kill(summary: Summary) -> None:
        """Stopped first, so that calls are surely in flight when it dies."""
        pid = generations.shard("g000001").pid
        if not told and pid is not None:
            os.kill(pid, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(0.5, os.kill, pid, signal.SIGKILL)
        told.append(summary.read)

    with RejectsFile(tmp_path / "rejects.csv") as file:
        first = Ingestion(catalog, open_source(tmp_path / "shop"), file, 10_000_000, stop_then_kill)
        with pytest.raises(StoreUnavailable):
            await first.run()
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    assert summary.unchanged >= told[0]
    assert summary.added == count - summary.unchanged > 0
    assert await catalog.count_products() == await catalog.count_images() == count


async def test_a_file_name_from_another_alphabet_is_told_and_never_stops_the_run(
    catalog: Catalog, tmp_path: Path
) -> None:
    count = draw_shop(tmp_path / "shop", variants=1)
    odd = os.fsencode(tmp_path / "shop/Apparel/solid/") + b"\xe9t\xe9.jpg"
    with open(odd, "wb") as file:  # noqa: PTH123 - a name that is no text
        file.write(picture("red"))
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    assert (summary.added, summary.rejected) == (count, 1)
    assert any("\\udce9" in where for where in reasons(tmp_path / "rejects.csv"))
