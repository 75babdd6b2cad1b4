"""Ingestion on real parts: streamed, resumable, and honest about what it could not take."""

import asyncio
import csv
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from embedder import ImageLimits
from service.catalog.catalog import Catalog
from service.catalog.errors import InvalidSource, UnknownImage, UnknownProduct
from service.catalog.fetching.fetcher import Fetcher
from service.catalog.fetching.limits import FetchLimits
from service.catalog.image_files import ImageFiles
from service.catalog.ingestion import CHUNK, Ingestion, Summary
from service.catalog.media import MediaStore
from service.catalog.products import Product
from service.catalog.pruning import Pruning
from service.catalog.rejects import RejectsFile
from service.catalog.seen import SeenIds
from service.catalog.sources.base import Entry
from service.catalog.sources.detect import open_source
from service.catalog.tally import Tally
from service.store.edge_generations import EdgeGenerations
from service.store.errors import StoreUnavailable
from tests.pictures import COLOURS, picture
from tests.service.catalog.fetching.image_server import Reply, Request, answer, image_server, slowly

pytestmark = pytest.mark.anyio


def draw_shop(folder: Path, variants: int = 3) -> int:
    for colour in COLOURS:
        for pattern in ("solid", "stripes", "dots"):
            for variant in range(variants):
                image = folder / f"Apparel/{pattern}/{colour}{variant}.jpg"
                image.parent.mkdir(parents=True, exist_ok=True)
                image.write_bytes(picture(colour, pattern, variant=variant, side=64))
    return len(COLOURS) * 3 * variants


async def ingest(
    catalog: Catalog,
    source: Path,
    rejects: Path,
    progress: list[int] | None = None,
    *,
    anew: bool = False,
    seen: SeenIds | None = None,
    earlier: Tally | None = None,
    keep_bytes: int = 0,
) -> Summary:
    told = [] if progress is None else progress
    limits = FetchLimits(allow_private=True, per_host=16)
    async with Fetcher(limits, rejects.parent / "fetched") as fetcher:
        with RejectsFile(rejects, keep_bytes) as file:
            ingestion = Ingestion(
                catalog,
                open_source(source).entries(),
                file,
                ImageFiles(fetcher, ImageLimits().max_bytes),
                seen or SeenIds(),
                lambda summary: told.append(summary.read),
                anew=anew,
                earlier=earlier,
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

    async with Fetcher(FetchLimits(), None) as fetcher:
        with RejectsFile(tmp_path / "rejects.csv") as file:
            entries = open_source(tmp_path / "shop").entries()
            images = ImageFiles(fetcher, 10_000_000)
            first = Ingestion(catalog, entries, file, images, SeenIds(), stop_then_kill)
            with pytest.raises(StoreUnavailable):
                await first.run()
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    assert summary.unchanged >= told[0]
    assert summary.added == count - summary.unchanged > 0
    assert await catalog.count_products() == await catalog.count_images() == count


async def test_a_run_that_is_ended_waits_for_the_thread_that_reads_its_source(
    catalog: Catalog, tmp_path: Path
) -> None:
    """Whoever ended it closes the source and what is known of its ids: under that thread's hands, otherwise."""
    count = draw_shop(tmp_path / "shop", variants=1)
    reading, go_on, read = threading.Event(), threading.Event(), []

    def entries() -> Iterator[Entry]:
        for entry in open_source(tmp_path / "shop").entries():
            reading.set()
            go_on.wait()
            read.append(entry)
            yield entry

    async with Fetcher(FetchLimits(), None) as fetcher:
        with RejectsFile(tmp_path / "rejects.csv") as file, closing(SeenIds()) as seen:
            images = ImageFiles(fetcher, 10_000_000)
            ingestion = Ingestion(catalog, entries(), file, images, seen, lambda _: None)
            run = asyncio.create_task(ingestion.run())
            await asyncio.to_thread(reading.wait)
            run.cancel()
            done, _ = await asyncio.wait({run}, timeout=0.2)
            go_on.set()
            assert not done
            with pytest.raises(asyncio.CancelledError):
                await run
            assert len(read) == count


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


async def test_what_is_asked_for_anew_is_embedded_anew(
    catalog: Catalog, media: MediaStore, tmp_path: Path
) -> None:
    count = draw_shop(tmp_path / "shop", variants=1)
    await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    image = (await catalog.get("Apparel/solid/red0.jpg")).images[0]
    await media.delete(image)
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv", anew=True)
    assert (summary.unchanged, summary.embedded) == (0, count)
    assert await catalog.count_images() == count
    assert await media.original(image) == (tmp_path / "shop/Apparel/solid/red0.jpg").read_bytes()


async def test_a_changed_attribute_is_written_without_an_embedding(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images/1.jpg").write_bytes(picture("red"))
    table = tmp_path / "styles.csv"
    table.write_text("id,masterCategory,season\n1,Shoes,Summer\n", encoding="utf-8")
    await ingest(catalog, tmp_path, tmp_path / "rejects.csv")
    before = await catalog.get("1")
    table.write_text("id,masterCategory,season\n1,Shoes,Winter\n", encoding="utf-8")
    summary = await ingest(catalog, tmp_path, tmp_path / "rejects.csv")
    assert (summary.replaced, summary.embedded) == (1, 0)
    after = await catalog.get("1")
    assert after.product.attributes == {"season": "Winter"}
    assert after.colours == before.colours == ["red"]


async def test_what_the_source_no_longer_has_is_pruned_and_nothing_else(
    catalog: Catalog, media: MediaStore, tmp_path: Path
) -> None:
    count = draw_shop(tmp_path / "shop", variants=1)
    await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    gone = tmp_path / "shop/Apparel/solid/red0.jpg"
    image = (await catalog.get("Apparel/solid/red0.jpg")).images[0]
    gone.unlink()
    (tmp_path / "shop/Apparel/solid/blue0.jpg").write_bytes(b"damaged, and still for sale")
    seen = SeenIds()
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv", seen=seen)
    assert (summary.rejected, summary.hiding) == (1, 0)
    pruning = Pruning(catalog, seen)
    assert await pruning.find() == 1
    removed: list[int] = []
    assert await pruning.run(removed.append) == 1
    assert removed == [1]
    assert await catalog.count_products() == count - 1
    with pytest.raises(UnknownProduct):
        await catalog.get("Apparel/solid/red0.jpg")
    with pytest.raises(UnknownImage):
        await media.original(image)
    assert await Pruning(catalog, seen).find() == 0


def with_etag(body: bytes, asked: list[int]) -> Reply:
    async def reply(request: Request, writer: asyncio.StreamWriter) -> None:
        known = request.headers.get("if-none-match") == f'"{len(body)}"'
        asked.append(304 if known else 200)
        await answer(asked[-1], b"" if known else body, etag=f'"{len(body)}"')(request, writer)

    return reply


async def test_images_by_url_go_in_and_a_second_run_fetches_none_again(
    catalog: Catalog, tmp_path: Path
) -> None:
    asked: list[int] = []
    async with image_server() as server:
        server.replies = {f"/{colour}.jpg": with_etag(picture(colour), asked) for colour in COLOURS}
        paths = [*server.replies, "/missing.jpg"]
        rows = [f"{n},Shoes,{server.url(path)}" for n, path in enumerate(paths)]
        (tmp_path / "shop.csv").write_text("\n".join(["id,category,image_url", *rows]), encoding="utf-8")
        first = await ingest(catalog, tmp_path / "shop.csv", tmp_path / "rejects.csv")
        assert (first.added, first.embedded, first.rejected) == (len(COLOURS), len(COLOURS), 1)
        assert "404" in reasons(tmp_path / "rejects.csv")["shop.csv line 6"]
        assert asked == [200] * len(COLOURS)
        asked.clear()
        second = await ingest(catalog, tmp_path / "shop.csv", tmp_path / "rejects.csv")
        assert (second.unchanged, second.embedded) == (len(COLOURS), 0)
        assert asked == [304] * len(COLOURS)


async def test_several_images_of_a_product_count_as_one_product(catalog: Catalog, tmp_path: Path) -> None:
    for name in ("front", "back"):
        (tmp_path / f"{name}.jpg").write_bytes(picture("red" if name == "front" else "blue"))
    (tmp_path / "shop.csv").write_text("id,category,image\n1,Shoes,front.jpg|back.jpg\n", encoding="utf-8")
    summary = await ingest(catalog, tmp_path / "shop.csv", tmp_path / "rejects.csv")
    assert (summary.added, summary.embedded) == (1, 2)
    assert (await catalog.get("1")).colours == ["red", "blue"]
    assert await catalog.count_products() == 1


async def test_what_is_added_while_somebody_is_asked_is_not_pruned(catalog: Catalog) -> None:
    await catalog.put(Product("old", "Shoes"), [picture("red")])
    pruning = Pruning(catalog, SeenIds())
    assert await pruning.find() == 1
    await catalog.put(Product("new", "Shoes"), [picture("blue")])
    assert await pruning.run(lambda _: None) == 1
    assert (await catalog.get("new")).product.id == "new"


async def test_a_row_whose_image_is_missing_takes_none_of_its_products_other_images_along(
    catalog: Catalog, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.jpg").write_bytes(picture("red" if name == "a" else "blue"))
    rows = ["id,category,image", "1,Shoes,a.jpg", "1,Shoes,missing.jpg", "1,Shoes,b.jpg"]
    (tmp_path / "shop.csv").write_text("\n".join(rows), encoding="utf-8")
    summary = await ingest(catalog, tmp_path / "shop.csv", tmp_path / "rejects.csv")
    assert (summary.added, summary.embedded, summary.rejected) == (1, 2, 1)
    assert "missing.jpg" in reasons(tmp_path / "rejects.csv")["shop.csv line 3"]


async def test_many_large_images_go_in_a_few_at_a_time(catalog: Catalog, tmp_path: Path) -> None:
    image = picture("red", side=64)
    for number in range(20):
        path = tmp_path / f"shop/Shoes/{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image + b"\0" * 9_000_000 + bytes([number]))
    summary = await ingest(catalog, tmp_path / "shop", tmp_path / "rejects.csv")
    assert (summary.added, summary.rejected) == (20, 0)


@pytest.mark.parametrize("content", ["my own file\n", "id,category,image\n1,Shoes,a.jpg\n"])
def test_no_file_but_an_earlier_runs_is_replaced_by_the_rejects(tmp_path: Path, content: str) -> None:
    (tmp_path / "mine.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidSource, match="left as it is"), RejectsFile(tmp_path / "mine.csv"):
        pass
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == content
    with pytest.raises(InvalidSource), RejectsFile(Path(os.devnull)):
        pass
    assert Path(os.devnull).exists()


async def test_a_run_that_knows_how_far_it_came_goes_on_behind_that(catalog: Catalog, tmp_path: Path) -> None:
    """Its counts and rejects are those of a run that was never cut short, and ids of before are known."""
    (tmp_path / "red.jpg").write_bytes(picture("red"))
    rows = [f"{n},Shoes,{'red' if n % 10 else 'missing'}.jpg" for n in range(100)] + ["7,Shoes,red.jpg"]
    table = tmp_path / "shop.csv"
    table.write_text("\n".join(["id,category,image", *rows[:64]]), encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    first = await ingest(catalog, table, rejects)
    told = rejects.stat().st_size
    with rejects.open("a", encoding="utf-8") as file:
        file.write("shop.csv line 72,70,of a chunk that was not through\n")
    table.write_text("\n".join(["id,category,image", *rows]), encoding="utf-8")
    whole = await ingest(catalog, table, rejects, earlier=first, keep_bytes=told)
    assert (whole.read, whole.added, whole.rejected, whole.unchanged) == (101, 90, 11, 0)
    wanted = [f"shop.csv line {n + 2}" for n in range(0, 100, 10)] + ["shop.csv line 102"]
    assert list(reasons(rejects)) == wanted
    assert "twice" in reasons(rejects)["shop.csv line 102"]


async def test_chunks_are_told_of_in_the_order_of_the_source_whatever_takes_longer(
    catalog: Catalog, tmp_path: Path
) -> None:
    async with image_server() as server:
        server.replies["/slow.jpg"] = slowly(answer(404, b""), 0.5)
        rows = [f"{n},Shoes,{server.url('/slow.jpg' if n < 3 else '/gone.jpg')}" for n in range(3 * CHUNK)]
        (tmp_path / "shop.csv").write_text("\n".join(["id,category,image", *rows]), encoding="utf-8")
        progress: list[int] = []
        await ingest(catalog, tmp_path / "shop.csv", tmp_path / "rejects.csv", progress)
    told = [int(where.rpartition(" ")[2]) - 2 for where in reasons(tmp_path / "rejects.csv")]
    assert [number // CHUNK for number in told] == [number // CHUNK for number in range(3 * CHUNK)]
    assert sorted(told) == [*range(3 * CHUNK)]
    assert progress == [CHUNK, 2 * CHUNK, 3 * CHUNK]
