"""Imports on real parts: in order, through whatever happens to the store, and through restarts."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest

from embedder import Embedder, ImageLimits, MicroBatcher, Overloaded
from service.catalog.catalog import Catalog
from service.catalog.errors import InvalidSource
from service.catalog.fetching.fetcher import Fetcher
from service.catalog.fetching.limits import FetchLimits
from service.catalog.imports.archives import ArchiveLimits
from service.catalog.imports.errors import ImportsAway, ImportsFull, UnknownImport, UnusableArchive
from service.catalog.imports.imports import Imports
from service.catalog.imports.job import Job, Order, new_job
from service.catalog.imports.journal import Journal
from service.catalog.imports.patience import PatientReader
from service.catalog.imports.running import Means
from service.catalog.imports.telling import first_rejects, rejects_csv
from service.catalog.imports.waiting import Patience
from service.catalog.pictures import PictureReader
from service.store.edge_generations import EdgeGenerations
from service.store.errors import StoreFull
from tests.pictures import COLOURS, picture
from tests.service.catalog.imports.zips import zip_bytes

pytestmark = pytest.mark.anyio

NOWHERE = b"id,category,image\n1,Shoes,nowhere.jpg\n"


@pytest.fixture
def means(catalog: Catalog, embedder: Embedder, batcher: MicroBatcher) -> Means:
    return Means(
        catalog.writer(PatientReader(embedder, batcher, ImageLimits())),
        lambda: Fetcher(FetchLimits(allow_private=True), None),
        ArchiveLimits(100_000_000, 1_000_000),
        max_image_bytes=1_000_000,
        reserve_bytes=0,
        patience=Patience(first_s=0.05, longest_s=0.2, gives_up_s=1.0),
    )


@asynccontextmanager
async def at_work(folder: Path, means: Means) -> AsyncIterator[Imports]:
    imports = Imports(folder, means)
    async with imports.at_work(asyncio.Event()):
        yield imports


def shop(count: int) -> bytes:
    colours = list(COLOURS)
    return zip_bytes(
        {f"Shoes/{n:03}.jpg": picture(colours[n % 4], "dots", variant=n // 4, side=64) for n in range(count)}
    )


async def ended(job: Job, within_s: float = 20) -> Job:
    await until(lambda: job.ended, within_s)
    return job


async def until(so: Callable[[], bool], within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def test_a_store_that_dies_is_waited_for_and_nothing_is_done_twice(
    means: Means, catalog: Catalog, generations: EdgeGenerations, tmp_path: Path
) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        job = await imports.submit(BytesIO(shop(64)), Order("shop.zip"))
        await until(lambda: job.tally.read >= 16)
        pid = generations.shard("g000001").pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await ended(job)
    assert (job.state, job.tally.read, job.tally.rejected) == ("done", 64, 0)
    assert await catalog.count_images() == 64


async def test_an_import_waits_for_as_long_as_the_catalogue_takes_no_writes(
    means: Means,
    catalog: Catalog,
    generations: EdgeGenerations,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever watches is told that nothing has changed, so that nobody takes the line for dead."""
    monkeypatch.setattr("service.catalog.imports.imports._SILENT_FOR_S", 0.5)
    async with at_work(tmp_path / "imports", means) as imports:
        await generations.freeze(catalog.generation)
        job = await imports.submit(BytesIO(shop(8)), Order("shop.zip"))
        await until(lambda: "another model" in job.doing)
        watching = asyncio.create_task(_watched(imports, job))
        await asyncio.sleep(1.5)
        assert job.state == "running", "longer than a store that is only away is waited for"
        await generations.thaw(catalog.generation)
        assert (await ended(job)).tally.added == 8
        assert {True, False} == set(await watching)


async def test_a_store_that_stays_away_fails_the_import_in_a_sentence_for_everybody(
    means: Means, tmp_path: Path
) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        shutil.rmtree(tmp_path / "data/media")
        (tmp_path / "data/media").write_text("no folder", encoding="utf-8")
        job = await ended(await imports.submit(BytesIO(shop(8)), Order("shop.zip")))
        assert job.state == "failed"
        assert job.failure is not None
        assert job.failure.code == "store_unavailable"
        assert job.failure.sentence.startswith("The catalogue could not be reached for too long.")
        assert str(tmp_path) not in job.failure.sentence
        await until(lambda: not imports.folder_of(job).work.exists())


async def test_what_was_not_through_goes_on_at_the_next_start_in_the_same_order(
    means: Means, catalog: Catalog, tmp_path: Path
) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        first = await imports.submit(BytesIO(shop(56)), Order("shop.zip"))
        second = await imports.submit(BytesIO(NOWHERE), Order("late.csv"))
        await until(lambda: first.tally.read >= 16)
    assert not first.ended
    assert first.tally.read < 56
    async with at_work(tmp_path / "imports", means) as imports:
        again = imports.get(first.id)
        assert [job.id for job in imports.newest_first()] == [second.id, first.id]
        assert again.tally.read >= 16
        await ended(imports.get(second.id))
        assert again.finished is not None
        assert again.finished < (imports.get(second.id).finished or again.finished)
        assert again.started == first.started
    assert again.tally.read == 56
    assert await catalog.count_images() == 56


async def test_nobody_waits_longer_than_for_a_queue_of_ten(means: Means, tmp_path: Path) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        await imports.submit(BytesIO(shop(200)), Order("shop.zip"))
        await until(lambda: imports.newest_first()[0].state == "running")
        for number in range(9):
            with imports.room():
                await imports.submit(BytesIO(NOWHERE), Order(f"{number}.csv"))
        with imports.room(), pytest.raises(ImportsFull), imports.room():
            pass
        await imports.cancel(imports.newest_first()[0])
        with imports.room(), imports.room():
            pass


async def test_a_second_service_on_the_same_folder_takes_none(means: Means, tmp_path: Path) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        job = await ended(await imports.submit(BytesIO(NOWHERE), Order("a.csv")))
        async with at_work(tmp_path / "imports", means) as second:
            with pytest.raises(ImportsAway), second.room():
                pass
            with pytest.raises(UnknownImport):
                second.get(job.id)
    async with at_work(tmp_path / "imports", means) as second:
        assert second.get(job.id).state == "done"


async def test_what_is_no_catalogue_is_refused_at_once_and_leaves_nothing(
    means: Means, tmp_path: Path
) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        for name, content, word in [
            ("a.csv", b"colour,size\nred,4\n", "map=id=COLUMN"),
            ("a.csv", "id,category,image\n".encode("utf-16"), "UTF-16"),
            ("a.csv", b"", "a.csv"),
            ("a.jsonl", b'{"colour": "red"}\n', "map=id=COLUMN"),
            ("a.parquet", b"PAR1", "Parquet"),
            ("a.zip", b"PK", "zip"),
        ]:
            with pytest.raises(InvalidSource, match=word) as told:
                await imports.submit(BytesIO(content), Order(name))
            assert str(tmp_path) not in str(told.value)
            assert [path.name for path in (tmp_path / "imports").iterdir()] == ["lock"]


LOCAL = ["/etc/hostname", "../../x.jpg", "a.csv", "../nothing/../upload/a.csv", "file:///etc/hostname"]


@pytest.mark.parametrize(
    ("name", "columns", "header", "row", "rejected"),
    [
        ("a.csv", {}, "id,category,image", "{n},Shoes,{image}", 5),
        ("a.csv", {"category": "kind"}, "id,kind,image", "{n},Shoes,{image}", 5),
        ("styles.csv", {}, "id,masterCategory", "{image},Shoes", 5),
        ("fashion.csv", {}, "ProductId,Category,Image,ImageURL", "{n},Shoes,{image},{image}", 5),
        ("style.csv", {}, "brand_label,brand_name,product_label,product_name", "a,b,c,{image}", 0),
    ],
)
async def test_a_table_that_comes_alone_reads_no_file_of_this_machine(
    means: Means, tmp_path: Path, name: str, columns: dict[str, str], header: str, row: str, rejected: int
) -> None:
    for place in (tmp_path / "x.jpg", tmp_path / "imports/x.jpg"):
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(picture("red"))
    rows = [row.format(n=number, image=image) for number, image in enumerate(LOCAL)]
    async with at_work(tmp_path / "imports", means) as imports:
        table = "\n".join([header, *rows]).encode()
        job = await ended(await imports.submit(BytesIO(table), Order(name, columns=columns)))
        assert (job.state, job.tally.read, job.tally.rejected) == ("done", rejected, rejected)
        for reject in await first_rejects(imports.folder_of(job).rejects, job.rejects_bytes, 20):
            assert "image" in reject.reason
            assert "format" not in reject.reason, "nobody even looked"


async def test_a_zips_folder_may_be_named_and_never_lies_outside(means: Means, tmp_path: Path) -> None:
    files = {
        f"{top}/Bags/1.jpg": picture(colour, side=64) for top, colour in [("old", "red"), ("new", "blue")]
    }
    async with at_work(tmp_path / "imports", means) as imports:
        job = await ended(await imports.submit(BytesIO(zip_bytes(files)), Order("a.zip", folder="new")))
        assert (job.tally.added, job.read_as) == (1, "folder per category, in new/")
        for folder in ("..", "../../..", "/etc", "gone", "new/../..", "\0", "x" * 5_000):
            job = await ended(await imports.submit(BytesIO(zip_bytes(files)), Order("a.zip", folder=folder)))
            assert job.failure is not None
            assert "holds no folder" in job.failure.sentence


async def test_what_could_not_be_unpacked_is_among_the_rejects_and_first(
    means: Means, tmp_path: Path
) -> None:
    files = {"Shoes/1.jpg": picture("red", side=64), "Shoes/old.zip": b"PK", "Shoes/2.jpg": b"no picture"}
    async with at_work(tmp_path / "imports", means) as imports:
        job = await ended(await imports.submit(BytesIO(zip_bytes(files)), Order("a.zip", folder=".")))
        assert (job.tally.added, job.tally.rejected, job.tally.read) == (1, 2, 3)
        file = imports.folder_of(job).rejects
        told = await first_rejects(file, job.rejects_bytes, 20)
        assert [reject.where for reject in told] == ["Shoes/old.zip", "Shoes/2.jpg"]
        assert await first_rejects(file, job.rejects_bytes, 1) == told[:1]
        assert b"".join([block async for block in rejects_csv(file, job.rejects_bytes)]) == file.read_bytes()
        assert [block async for block in rejects_csv(file, 0)] == [b"where,product_id,reason\r\n"]


async def test_a_disk_without_room_takes_nothing(means: Means, tmp_path: Path) -> None:
    full = Means(means.writer, means.open_fetcher, means.archives, 1_000_000, reserve_bytes=1 << 60)
    async with at_work(tmp_path / "imports", full) as imports:
        with pytest.raises(StoreFull):
            await imports.submit(BytesIO(NOWHERE), Order("a.csv"))
        with pytest.raises(StoreFull), imports.room(1):
            pass
        assert [path.name for path in (tmp_path / "imports").iterdir()] == ["lock"]


async def test_what_kills_left_behind_is_tidied_up_and_the_last_hundred_are_kept(
    means: Means, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "imports"
    folder.mkdir()
    journal, old = Journal(folder), []
    for number in range(101):
        job = new_job(f"00000000-0000-4000-8000-{number:012}", Order("a.csv"))
        job.end("done")
        journal.folder_of(job.id).work.mkdir(parents=True)
        await journal.save(job)
        old.append(job)
    half = folder / "11111111-1111-4111-8111-111111111111"
    (half / "work/upload").mkdir(parents=True)
    damaged = folder / "22222222-2222-4222-8222-222222222222"
    damaged.mkdir()
    (damaged / "job.json").write_text("{", encoding="utf-8")
    (folder / "somebodys").mkdir()
    async with at_work(folder, means) as imports:
        assert not half.exists()
        assert not list(folder.glob("*/work"))
        assert (damaged / "job.json").exists()
        assert "22222222" in caplog.text
        assert (folder / "somebodys").exists()
        job = await ended(await imports.submit(BytesIO(NOWHERE), Order("a.csv")))
        await until(lambda: len(imports.newest_first()) == 100)
        with pytest.raises(UnknownImport):
            imports.get(old[0].id)
        await until(lambda: not journal.folder_of(old[1].id).path.exists())
        assert imports.get(old[2].id).state == "done"


async def test_an_import_that_was_cancelled_while_the_service_stopped_stays_so(
    means: Means, tmp_path: Path
) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        job = await imports.submit(BytesIO(shop(80)), Order("shop.zip"))
        await until(lambda: job.state == "running")
    job.unwanted = True
    await Journal(tmp_path / "imports").save(job)
    async with at_work(tmp_path / "imports", means) as imports:
        assert imports.get(job.id).state == "cancelled"
        assert not imports.folder_of(job).work.exists()


async def test_two_who_cancel_one_import_wait_for_the_same_end(
    means: Means, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a thread unpacks: it must have stopped before its folder goes."""
    monkeypatch.setattr("service.catalog.imports.unpacking._STEP_BYTES", 1 << 60)
    files = {f"Shoes/{number}.jpg": b"no picture" for number in range(6_000)}
    async with at_work(tmp_path / "imports", means) as imports:
        job = await imports.submit(BytesIO(zip_bytes(files)), Order("shop.zip"))
        place = imports.folder_of(job)
        await until(lambda: place.files.exists() and any(place.files.iterdir()))
        waiting = []
        for _ in range(4):
            waiting.append(asyncio.create_task(imports.cancel(job)))
            await asyncio.sleep(0.005)
        waiting[0].cancel()  # its client has gone
        await asyncio.wait(waiting)
        assert job.state == "cancelled"
        assert not place.work.exists()
        assert "failed" not in caplog.text
        await imports.remove(job)
        assert not place.path.exists()


async def test_a_table_in_a_zip_that_cannot_be_read_fails_its_import_and_stays_away(
    means: Means, tmp_path: Path
) -> None:
    wide = b"id,category,image" + b",a" * 100_000 + b"\n"
    async with at_work(tmp_path / "imports", means) as imports:
        job = await ended(await imports.submit(BytesIO(zip_bytes({"shop.csv": wide})), Order("shop.zip")))
        assert job.failure is not None
        assert (job.state, job.failure.code) == ("failed", "invalid_source")
    async with at_work(tmp_path / "imports", means) as imports:
        assert imports.get(job.id).state == "failed"


async def test_a_service_that_stops_does_not_wait_for_an_import(means: Means, tmp_path: Path) -> None:
    imports, stopping = Imports(tmp_path / "imports", means), asyncio.Event()
    async with imports.at_work(stopping):
        job = await imports.submit(BytesIO(shop(300)), Order("shop.zip"))
        watching = asyncio.create_task(_watched(imports, job))
        await until(lambda: job.tally.read >= 16)
        started = time.perf_counter()
        stopping.set()
        assert len(await watching) > 1
    assert time.perf_counter() - started < 2
    assert not job.ended


async def _watched(imports: Imports, job: Job) -> list[bool]:
    return [changed async for changed in imports.watch(job)]


async def test_a_full_queue_is_waited_for_and_people_go_first(embedder: Embedder) -> None:
    async with MicroBatcher(embedder, queue_size=1) as batcher:
        reader = PictureReader(embedder, batcher, ImageLimits())
        patient = PatientReader(embedder, batcher, ImageLimits())
        somebody = asyncio.create_task(reader.read_query(picture("red", side=1500)))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await reader.read(picture("red"))
        found = await asyncio.gather(*(patient.read(picture(colour)) for colour in COLOURS))
        assert [read.colours[0] for read in found] == list(COLOURS)
        await somebody


async def test_of_many_pictures_a_few_are_on_their_way_at_once(embedder: Embedder) -> None:
    async with MicroBatcher(embedder, queue_size=64) as batcher:
        patient = PatientReader(embedder, batcher, ImageLimits())
        reading = asyncio.gather(*(patient.read(picture("red", variant=n)) for n in range(12)))
        most = 0
        while not reading.done():
            most = max(most, batcher.queue_depth)
            await asyncio.sleep(0.002)
        assert 1 <= most <= embedder.lanes * max(1, embedder.largest_batch // 4)


async def test_a_damaged_upload_that_was_kept_fails_the_import_alone(means: Means, tmp_path: Path) -> None:
    async with at_work(tmp_path / "imports", means) as imports:
        first = await imports.submit(BytesIO(shop(8)), Order("shop.zip"))
        broken = await imports.submit(BytesIO(shop(4)), Order("shop.zip"))
        (imports.folder_of(broken).upload / "shop.zip").write_bytes(b"gone")
        after = await imports.submit(BytesIO(NOWHERE), Order("a.csv"))
        await ended(after)
        assert (first.state, broken.state, after.state) == ("done", "failed", "done")
        assert broken.failure is not None
        assert broken.failure.code == UnusableArchive.code
