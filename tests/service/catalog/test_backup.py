"""A backup is whole or absent, and what comes back is what was there."""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
import tracemalloc
from collections import namedtuple
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from embedder import Embedder
from service.catalog.backup import Backup
from service.catalog.catalog import Catalog
from service.catalog.errors import InvalidSource
from service.catalog.folders import check_room
from service.catalog.learned.naming import part_in
from service.catalog.learned.shelf import Shelf
from service.catalog.media import MediaStore, open_media
from service.catalog.mirroring import OnProgress
from service.catalog.pictures import sha256
from service.catalog.products import Product
from service.catalog.restoring import Restore, Restored
from service.catalog.searching import Query
from service.store.base import Generations
from service.store.edge_generations import EdgeGenerations
from service.store.errors import SchemaAhead, SchemaBehind, StoreBusy, StoreDamaged, StoreFrozen, StoreFull
from tests.pictures import COLOURS, picture
from tests.service.catalog.changing import fill, filled, missing, model, payloads, spawned
from tests.service.catalog.writer import Writer

pytestmark = pytest.mark.anyio

IMAGES = 2 * len(COLOURS)
PICTURES = 2_000


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
async def shop(catalog: Catalog) -> Catalog:
    await fill(catalog)
    return catalog


@pytest.fixture
def backup(generations: Generations, media: MediaStore, tmp_path: Path) -> Backup:
    return Backup(generations, media, tmp_path / "data", quiet)


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[EdgeGenerations]:
    generations = EdgeGenerations(tmp_path / "elsewhere" / "store")
    yield generations
    await generations.aclose()


async def restored(generations: Generations, data: Path, folder: Path) -> Restored:
    return await Restore(generations, open_media(None, data), data, quiet).run(folder)


async def test_what_is_restored_is_what_was_backed_up(
    shop: Catalog, backup: Backup, elsewhere: EdgeGenerations, embedder: Embedder, tmp_path: Path
) -> None:
    done = await backup.run(tmp_path / "backup")
    assert (done.manifest.images, done.lacking, done.manifest.has_media) == (IMAGES, 0, True)
    back = await restored(elsewhere, tmp_path / "elsewhere", tmp_path / "backup")
    assert (back.images, back.pictures, back.lacking, back.previous) == (IMAGES, 2 * IMAGES, 0, None)
    async with model(embedder, elsewhere, open_media(None, tmp_path / "elsewhere")) as there:
        again = await there.catalog()
        assert await payloads(await there.live()) == await payloads(shop._store)
        assert await again.thumbnail(sha256(picture("red"))) == await shop.thumbnail(sha256(picture("red")))
        answer = await again.similar_to_image(picture("green"), Query())
        assert answer.matches[0].product.id == "2"
        await again.put(Product("9", "Shoes", "new"), [picture("red", "stripes")])


async def test_the_files_can_be_checked_without_us(shop: Catalog, backup: Backup, tmp_path: Path) -> None:
    assert shop
    folder = tmp_path / "backup"
    manifest = (await backup.run(folder)).manifest
    check = ["sha256sum", "--check", "--strict", "--quiet", "files.sha256"]
    await asyncio.to_thread(subprocess.run, check, cwd=folder, check=True)
    said = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert said["files"] == len(files) - 2 == manifest.files
    assert said["bytes"] == sum(file.stat().st_size for file in files) - sum(
        (folder / name).stat().st_size for name in ("backup.json", "files.sha256")
    )
    assert said["generation"]["identity"]["fingerprint"] == manifest.generation.identity.fingerprint
    assert not list(tmp_path.glob(".*making"))


async def test_writes_go_on_and_what_is_in_the_backup_has_its_pictures(
    shop: Catalog, backup: Backup, elsewhere: EdgeGenerations, embedder: Embedder, tmp_path: Path
) -> None:
    writer = Writer(shop, "owner")
    writing = asyncio.create_task(writer.write_until_told())
    await writer.wrote.wait()
    for number in range(3):
        assert (await backup.run(tmp_path / f"backup{number}")).lacking == 0
        backup = Backup(backup._generations, open_media(None, tmp_path / "data"), tmp_path / "data", quiet)
    writer.stop = True
    await writing
    assert writer.refused == 0
    back = await restored(elsewhere, tmp_path / "elsewhere", tmp_path / "backup2")
    assert back.images >= IMAGES
    assert back.lacking == 0
    async with model(embedder, elsewhere, open_media(None, tmp_path / "elsewhere")) as there:
        for number in range(len(COLOURS)):
            assert await (await there.catalog()).get(str(number)) == await shop.get(str(number))


async def test_a_learned_model_goes_along_with_what_it_built(
    shop: Catalog, backup: Backup, elsewhere: EdgeGenerations, embedder: Embedder, tmp_path: Path
) -> None:
    assert shop
    (tmp_path / "trained.safetensors").write_bytes(b"learned")
    shelf, there = Shelf(tmp_path / "data"), Shelf(tmp_path / "elsewhere")
    with shelf.taking(tmp_path / "trained.safetensors", "weights") as taken:
        kept = shelf.keep(taken, part_in(embedder.fingerprint, "weights"))
    done = await backup.run(tmp_path / "backup")
    assert done.learned == [kept.name]
    assert f"models/learned/{kept.name}" in (tmp_path / "backup/files.sha256").read_text(encoding="utf-8")
    assert (await restored(elsewhere, tmp_path / "elsewhere", tmp_path / "backup")).learned == 1
    assert [file.read_bytes() for file in there.needed_by(embedder.fingerprint)] == [b"learned"]


async def test_a_folder_that_holds_something_is_left_alone(
    shop: Catalog, backup: Backup, tmp_path: Path
) -> None:
    assert shop
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("dear")
    with pytest.raises(InvalidSource, match="not empty"):
        await backup.run(tmp_path / "full")
    with pytest.raises(InvalidSource, match="not empty"):
        await backup.run(tmp_path / "full" / "letter")
    (tmp_path / "empty").mkdir()
    await backup.run(tmp_path / "empty")
    assert (tmp_path / "empty" / "backup.json").exists()


async def test_a_mounted_disk_itself_is_refused_at_the_start(shop: Catalog, backup: Backup) -> None:
    assert shop
    with pytest.raises(InvalidSource, match=r"mounted at /\. Name a folder in it, such as /backup"):
        await backup.run(Path("/"))


async def test_what_is_no_picture_is_passed_over(
    shop: Catalog, backup: Backup, elsewhere: EdgeGenerations, tmp_path: Path
) -> None:
    assert shop
    image = sha256(b"a folder")
    originals = tmp_path / "data" / "media" / "originals"
    (originals / ".DS_Store").write_bytes(b"")
    (originals / image[:2] / image).mkdir(parents=True)
    (originals / image[:2] / "Thumbs.db").write_bytes(b"")
    unused = next(name for name in (f"{n:02x}" for n in range(256)) if not (originals / name).exists())
    (originals / unused).write_bytes(b"no shelf")
    assert (await backup.run(tmp_path / "backup")).lacking == 0
    back = await restored(elsewhere, tmp_path / "elsewhere", tmp_path / "backup")
    assert (back.pictures, back.lacking) == (2 * IMAGES, 0)


async def test_a_list_that_names_what_is_outside_puts_nothing_there(
    tmp_path: Path, elsewhere: EdgeGenerations, whole_backup: Path
) -> None:
    folder = tmp_path / "backup"
    shutil.copytree(whole_backup, folder)
    (folder / "letter").write_bytes(b"dear")
    sums = folder / "files.sha256"
    sums.write_text(
        sums.read_text(encoding="utf-8") + f"{sha256(b'dear')}  media/../letter\n", encoding="utf-8"
    )
    said = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
    said["checksums"] = sha256(sums.read_bytes())
    (folder / "backup.json").write_text(json.dumps(said), encoding="utf-8")
    assert (await restored(elsewhere, tmp_path / "elsewhere", folder)).pictures == 2 * IMAGES
    assert not (tmp_path / "elsewhere" / "letter").exists()


async def test_pictures_are_not_held_in_memory_however_many_there_are(
    shop: Catalog, generations: Generations, media: MediaStore, elsewhere: EdgeGenerations, tmp_path: Path
) -> None:
    assert shop
    for number in range(PICTURES):
        image = sha256(b"%d" % number)
        path = tmp_path / "data" / "media" / "originals" / image[:2] / image
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%d" % number)
    held: list[int] = []
    tracemalloc.start()
    try:
        await Backup(generations, media, tmp_path / "data", _holding(held)).run(tmp_path / "backup")
        there = tmp_path / "elsewhere"
        back = await Restore(elsewhere, open_media(None, there), there, _holding(held)).run(
            tmp_path / "backup"
        )
    finally:
        tracemalloc.stop()
    assert back.pictures == PICTURES + 2 * IMAGES
    assert len(held) == 4
    assert max(held) < 50 * PICTURES


def _holding(held: list[int]) -> OnProgress:
    """Notes how much memory the catalogue's code holds, with all pictures done."""

    def on_progress(stage: str, _done: int, _total: int) -> None:
        if stage == "store":
            ours = tracemalloc.Filter(inclusive=True, filename_pattern="*/service/catalog/*")
            traces = tracemalloc.take_snapshot().filter_traces([ours])
            held.append(sum(trace.size for trace in traces.traces))

    return on_progress


async def test_without_a_catalogue_there_is_nothing_to_back_up(backup: Backup, tmp_path: Path) -> None:
    with pytest.raises(SchemaBehind):
        await backup.run(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


async def test_pictures_that_are_missing_or_damaged_are_counted(
    shop: Catalog, backup: Backup, elsewhere: EdgeGenerations, tmp_path: Path
) -> None:
    assert shop
    missing(tmp_path / "data" / "media", sha256(picture("red")))
    image = sha256(picture("blue"))
    (tmp_path / "data/media/originals" / image[:2] / image).write_bytes(b"rotten")
    assert (await backup.run(tmp_path / "backup")).lacking == 2
    assert (await restored(elsewhere, tmp_path / "elsewhere", tmp_path / "backup")).lacking == 2


async def test_a_picture_that_is_missing_is_counted_for_each_product_that_shows_it(
    shop: Catalog, backup: Backup, elsewhere: EdgeGenerations, tmp_path: Path
) -> None:
    await shop.put(Product("9", "Shoes", "the same picture"), [picture("red")])
    missing(tmp_path / "data" / "media", sha256(picture("red")))
    assert (await backup.run(tmp_path / "backup")).lacking == 2
    assert (await restored(elsewhere, tmp_path / "elsewhere", tmp_path / "backup")).lacking == 2


async def test_media_that_are_elsewhere_are_left_there(
    shop: Catalog, generations: Generations, elsewhere: EdgeGenerations, tmp_path: Path
) -> None:
    assert shop
    away = open_media(f"file://{tmp_path / 'data' / 'media'}", tmp_path)
    done = await Backup(generations, away, tmp_path / "data", quiet).run(tmp_path / "backup")
    assert (done.manifest.has_media, done.lacking) == (False, 0)
    assert not (tmp_path / "backup" / "media").exists()
    back = await Restore(elsewhere, away, tmp_path / "elsewhere", quiet).run(tmp_path / "backup")
    assert (back.images, back.pictures, back.lacking) == (IMAGES, 0, 0)


async def test_a_restore_beside_a_catalogue_keeps_it_and_closes_it_to_writes(
    shop: Catalog, backup: Backup, generations: Generations, embedder: Embedder, tmp_path: Path
) -> None:
    await backup.run(tmp_path / "backup")
    await shop.delete("1")
    await shop.put(Product("5", "Shoes", "later"), [picture("red", "stripes")])
    back = await restored(generations, tmp_path / "data", tmp_path / "backup")
    assert (back.images, back.lacking) == (IMAGES, 0)
    assert back.pictures == 4, "only what had been deleted is copied"
    assert back.previous is not None
    assert back.previous.name == shop.generation.name != back.generation.name
    with pytest.raises(StoreFrozen):
        await shop.put(Product("6", "Shoes", "unseen"), [picture("blue", "stripes")])
    async with model(embedder, generations, open_media(None, tmp_path / "data")) as there:
        assert (await (await there.catalog()).get("1")).images == [
            sha256(picture("blue")),
            sha256(picture("blue", "dots")),
        ]


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: next((folder / "media/originals").glob("*/*")).write_bytes(b"rotten"),
        lambda folder: next((folder / "media/thumbnails").glob("*/*")).unlink(),
        lambda folder: max((folder / "store").rglob("*"), key=lambda file: file.stat().st_size).write_bytes(
            b""
        ),
        lambda folder: (folder / "files.sha256").write_text(""),
        lambda folder: (folder / "files.sha256").unlink(),
        lambda folder: (folder / "backup.json").write_text("{"),
    ],
    ids=["original", "thumbnail", "store", "sums", "no sums", "manifest"],
)
async def test_a_damaged_backup_is_refused_before_anything_is_changed(
    tmp_path: Path, elsewhere: EdgeGenerations, whole_backup: Path, harm: Callable[[Path], object]
) -> None:
    folder = tmp_path / "backup"
    shutil.copytree(whole_backup, folder)
    harm(folder)
    with pytest.raises(StoreDamaged):
        await restored(elsewhere, tmp_path / "elsewhere", folder)
    assert await elsewhere.live() is None
    assert await elsewhere.known() == []
    assert not [file for file in (tmp_path / "elsewhere" / "media").rglob("*") if file.is_file()]


async def test_what_is_no_backup_or_of_a_newer_version_is_told(
    tmp_path: Path, elsewhere: EdgeGenerations, whole_backup: Path
) -> None:
    with pytest.raises(InvalidSource, match="no backup"):
        await restored(elsewhere, tmp_path / "elsewhere", tmp_path)
    folder = tmp_path / "backup"
    shutil.copytree(whole_backup, folder)
    said = json.loads((folder / "backup.json").read_text(encoding="utf-8"))
    said["generation"]["revisions"].append("9999")
    (folder / "backup.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(SchemaAhead, match="9999"):
        await restored(elsewhere, tmp_path / "elsewhere", folder)
    said["format"] = 2
    (folder / "backup.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(InvalidSource, match="version"):
        await restored(elsewhere, tmp_path / "elsewhere", folder)


def test_too_little_room_is_told_beforehand(tmp_path: Path) -> None:
    with pytest.raises(StoreFull, match=r"1,000,000,000,000 MB are needed in .*, and [\d,]+ MB are free"):
        check_room(tmp_path / "not" / "there" / "yet", 10**18)
    check_room(tmp_path, 1)


async def test_a_full_disk_leaves_no_backup_behind(
    shop: Catalog, backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shop
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    with pytest.raises(StoreFull):
        await backup.run(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
    assert not list(tmp_path.glob(".*making"))


async def test_two_backups_into_one_folder_do_not_mix(
    shop: Catalog, backup: Backup, generations: Generations, media: MediaStore, tmp_path: Path
) -> None:
    assert shop
    other = Backup(generations, media, tmp_path / "data", quiet)
    results = await asyncio.gather(
        backup.run(tmp_path / "backup"), other.run(tmp_path / "backup"), return_exceptions=True
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [StoreBusy]
    assert json.loads((tmp_path / "backup/backup.json").read_text(encoding="utf-8"))["images"] == IMAGES


# Kills


@pytest.fixture(scope="module")
async def whole_backup(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    await filled(folder / "data", embedder)
    generations = EdgeGenerations(folder / "data" / "store")
    await Backup(generations, open_media(None, folder / "data"), folder / "data", quiet).run(
        folder / "backup"
    )
    await generations.aclose()
    return folder / "backup"


def back_up_and_die(data: Path, folder: Path, stage: str) -> None:
    async def run() -> None:
        generations = EdgeGenerations(data / "store")
        await Backup(generations, open_media(None, data), data, _dying_at(stage)).run(folder)

    asyncio.run(run())


def restore_and_die(data: Path, folder: Path, stage: str) -> None:
    async def run() -> None:
        generations = EdgeGenerations(data / "store")
        await Restore(generations, open_media(None, data), data, _dying_at(stage)).run(folder)

    asyncio.run(run())


def _dying_at(stage: str) -> OnProgress:
    def on_progress(now: str, _done: int, _total: int) -> None:
        if now == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_progress


@pytest.mark.parametrize("stage", ["pictures", "store"])
async def test_a_killed_backup_is_no_backup_and_may_be_made_again(
    embedder: Embedder, tmp_path: Path, stage: str
) -> None:
    data, folder = tmp_path / "data", tmp_path / "backup"
    await filled(data, embedder)
    assert await asyncio.to_thread(spawned, back_up_and_die, data, folder, stage) == -signal.SIGKILL
    assert not folder.exists()
    generations = EdgeGenerations(data / "store")
    done = await Backup(generations, open_media(None, data), data, quiet).run(folder)
    await generations.aclose()
    assert done.manifest.images == IMAGES
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("stage", ["verifying", "pictures", "store"])
async def test_a_killed_restore_changes_nothing_that_is_live(
    whole_backup: Path, embedder: Embedder, tmp_path: Path, stage: str
) -> None:
    data = tmp_path / "data"
    await filled(data, embedder, variants=2)
    for file in (data / "media").rglob("*/*/*"):
        if hashlib.sha256(file.read_bytes()).hexdigest().startswith(("0", "1", "2", "3")):
            file.unlink()
    assert await asyncio.to_thread(spawned, restore_and_die, data, whole_backup, stage) == -signal.SIGKILL
    generations = EdgeGenerations(data / "store")
    live = await generations.live()
    assert live is not None
    assert await generations.open(live).count() == 2 * IMAGES
    back = await restored(generations, data, whole_backup)
    assert (back.images, back.lacking) == (IMAGES, 0)
    await generations.aclose()
