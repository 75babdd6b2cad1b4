"""A zip from a stranger: read where it is a catalogue, and otherwise no danger."""

import random
import stat
import time
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest

from service.catalog.errors import CatalogError
from service.catalog.imports.archives import ArchiveLimits
from service.catalog.imports.errors import UnusableArchive
from service.catalog.imports.unpacking import Unpacking, check_archive
from service.store.errors import StoreFull
from tests.pictures import picture
from tests.service.catalog.imports.zips import (
    said_encrypted,
    with_huge_directory,
    with_link,
    zip_bytes,
    zipped,
)

LIMITS = ArchiveLimits(unpacked_bytes=50_000_000, image_bytes=100_000)
IMAGE = picture("red", side=64)


def unpack(path: Path, limits: ArchiveLimits = LIMITS) -> tuple[dict[str, bytes], dict[str, str]]:
    folder = path.with_suffix("")
    unpacking = Unpacking(path, folder, limits, reserve_bytes=0)
    for _ in unpacking.steps():
        pass
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return files, {reject.where: reject.reason for reject in unpacking.rejects}


def refusal(path: Path, limits: ArchiveLimits = LIMITS) -> str:
    with pytest.raises(UnusableArchive) as told:
        check_archive(path, limits)
    with pytest.raises(UnusableArchive):
        unpack(path, limits)
    assert not path.with_suffix("").exists()
    assert str(path.parent) not in str(told.value)
    return str(told.value)


def test_images_and_tables_are_unpacked_and_nothing_else(tmp_path: Path) -> None:
    sent = {
        "Shoes/Boots/1.JPG": IMAGE,
        "styles.csv": b"id\n",
        "readme.txt": b"hello",
        "run.sh": b"#!/bin/sh",
        "__MACOSX/Shoes/._1.jpg": b"fork",
        "Shoes/.DS_Store": b"",
        ".git/a.jpg": IMAGE,
        "Shoes/Thumbs.db": b"",
        "Shoes//./2.png": IMAGE,
    }
    files, rejects = unpack(zipped(tmp_path / "shop.zip", sent))
    assert files == {"Shoes/Boots/1.JPG": IMAGE, "styles.csv": b"id\n", "Shoes/2.png": IMAGE}
    assert rejects == {}


@pytest.mark.parametrize(
    "name",
    [
        "../out.jpg",
        "Shoes/../../out.jpg",
        "/etc/out.jpg",
        "//server/share/out.jpg",
        "C:/out.jpg",
        "c:out.jpg",
        "..\\out.jpg",
        "\\\\server\\out.jpg",
        "Shoes/..",
        "../",
    ],
)
def test_a_name_that_leads_out_of_the_folder_refuses_the_whole(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "shop.zip", {"Shoes/1.jpg": IMAGE, name: IMAGE})
    assert "leads out of its folder" in refusal(path)
    assert {file.name for file in tmp_path.rglob("*")} == {"shop.zip"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_refuse_the_whole(tmp_path: Path, kind: int) -> None:
    assert "link or a device" in refusal(with_link(tmp_path / "a.zip", "Shoes/1.jpg", "/etc/passwd", kind))


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    assert "encrypted" in refusal(said_encrypted(tmp_path / "a.zip", {"Shoes/1.jpg": IMAGE}))


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_methods_that_want_much_memory_are_not_taken(tmp_path: Path, method: int) -> None:
    assert "deflate" in refusal(zipped(tmp_path / "a.zip", {"Shoes/1.jpg": IMAGE}, method=method))


def test_a_bomb_is_refused_by_what_it_says(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "a.zip", {"Shoes/1.jpg": IMAGE, "table.csv": bytes(40_000_000)})
    assert bomb.stat().st_size < 100_000
    assert "200 times over" in refusal(bomb)


def test_a_bomb_that_says_less_than_it_holds_is_one_damaged_file(tmp_path: Path) -> None:
    """The sizes are written twice, and both can lie."""
    path = zipped(tmp_path / "a.zip", {"Shoes/1.jpg": bytes(40_000_000)})
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.find(signature) + at
        data[place : place + 4] = (1_000).to_bytes(4, "little")
    path.write_bytes(data)
    files, rejects = unpack(path)
    assert files == {}
    assert "damaged" in rejects["Shoes/1.jpg"]


def test_more_than_may_be_unpacked_is_refused(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(60_000)
    many = zipped(tmp_path / "a.zip", {f"{n}/1.jpg": noise for n in range(20)}, method=ZIP_STORED)
    check_archive(many, ArchiveLimits(2_000_000, 100_000))
    assert "1,000,000 bytes" in refusal(many, ArchiveLimits(1_000_000, 100_000))


def test_one_stretch_of_data_that_many_names_share_counts_for_each(tmp_path: Path) -> None:
    """What is inside one another is small on the disk and large unpacked."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("Shoes/0.jpg", random.Random(1).randbytes(90_000))
        first = archive.infolist()[0]
        for number in range(1, 100):
            again = ZipInfo(f"Shoes/{number}.jpg")
            again.compress_type, again.CRC = first.compress_type, first.CRC
            again.compress_size, again.file_size = first.compress_size, first.file_size
            again.header_offset = first.header_offset
            archive.filelist.append(again)
        archive.NameToInfo |= {info.filename: info for info in archive.filelist}
        archive._didModify = True  # type: ignore[attr-defined] # the only way to have it written
    assert path.stat().st_size < 110_000
    assert "1,000,000 bytes" in refusal(path, ArchiveLimits(1_000_000, 100_000))
    files, rejects = unpack(path)
    assert len(files) <= 1
    assert len(rejects) >= 99


def test_too_many_files_or_folders_are_refused(tmp_path: Path) -> None:
    many = zipped(tmp_path / "a.zip", {f"Shoes/{n}.jpg": b"" for n in range(30)})
    assert "more than 20 files" in refusal(many, ArchiveLimits(1_000_000, 1_000, entries=20))
    deep = {f"{n}/" + "d/" * 30 + "1.jpg": b"" for n in range(700)}
    assert "20,000 folders" in refusal(zipped(tmp_path / "b.zip", deep))


def test_a_table_of_contents_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = with_huge_directory(tmp_path / "a.zip", 1_500_000_000)
    tracemalloc.start()
    started = time.perf_counter()
    assert "table of contents" in refusal(path)
    assert time.perf_counter() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"no zip at all",
        b"\x1f\x8b\x08gzip",
        zip_bytes({"a.jpg": b"x"})[:-30],
        b"PK\x05\x06" + b"\xff" * 18,
    ],
    ids=["empty", "short", "text", "gzip", "cut", "lies"],
)
def test_what_is_no_whole_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert "damaged" in refusal(path)


def test_a_zip_without_a_catalogue_is_refused(tmp_path: Path) -> None:
    assert "neither images nor tables" in refusal(zipped(tmp_path / "a.zip", {"readme.txt": b"x"}))
    assert "neither images nor tables" in refusal(zipped(tmp_path / "b.zip", {}))


def test_single_files_that_cannot_be_used_are_rejects(tmp_path: Path) -> None:
    long = "Shoes/" + "x" * 260 + ".jpg"
    sent = {
        "Shoes/1.jpg": IMAGE,
        "Shoes/inner.zip": zip_bytes({"Shoes/9.jpg": IMAGE}),
        "old/backup.tar.gz": b"x",
        "Shoes/huge.jpg": random.Random(1).randbytes(200_000),
        long: IMAGE,
        "Shoes/1.jpg/2.jpg": IMAGE,
        "d/" * 40 + "1.jpg": IMAGE,
    }
    files, rejects = unpack(zipped(tmp_path / "a.zip", sent))
    assert files == {"Shoes/1.jpg": IMAGE}
    assert rejects.keys() == sent.keys() - {"Shoes/1.jpg"}
    assert "not opened" in rejects["Shoes/inner.zip"]
    assert "larger than the limit" in rejects["Shoes/huge.jpg"]
    assert "name too long" in rejects[long]


def test_of_a_name_that_comes_twice_the_first_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("Shoes/1.jpg", IMAGE)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("Shoes/1.jpg", b"another")
    files, rejects = unpack(path)
    assert files == {"Shoes/1.jpg": IMAGE}
    assert "first one counts" in rejects["Shoes/1.jpg"]


def test_a_damaged_file_is_a_reject_and_the_others_are_taken(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"Shoes/{n}.jpg": IMAGE for n in range(3)}, method=ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.find(b"Shoes/1.jpg") + 100] ^= 0xFF
    path.write_bytes(data)
    files, rejects = unpack(path)
    assert files.keys() == {"Shoes/0.jpg", "Shoes/2.jpg"}
    assert "damaged" in rejects["Shoes/1.jpg"]


def test_names_of_every_alphabet_come_in_one_spelling(tmp_path: Path) -> None:
    """Said to be UTF-8, UTF-8 and not said to be, and of an old system; taken apart as a Mac does."""
    path = tmp_path / "a.zip"
    apart = unicodedata.normalize("NFD", "Été/é.jpg")
    with ZipFile(path, "w") as archive:
        archive.writestr(apart, IMAGE)
        archive.writestr("鞋/1.jpg", IMAGE)
        archive.writestr("Sko/aeo.jpg", IMAGE)
    data = path.read_bytes().replace(b"Sko/aeo.jpg", b"Sko/\x91\x94\x86.jpg")
    path.write_bytes(data)
    files, _ = unpack(path)
    assert files.keys() == {"Été/é.jpg", "鞋/1.jpg", "Sko/æöå.jpg"}
    unsaid = bytearray(zipped(tmp_path / "b.zip", {"鞋/1.jpg": IMAGE}).read_bytes())
    unsaid[7] &= ~0x08
    unsaid[unsaid.find(b"PK\x01\x02") + 9] &= ~0x08
    (tmp_path / "b.zip").write_bytes(unsaid)
    assert unpack(tmp_path / "b.zip")[0].keys() == {"鞋/1.jpg"}


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"Shoes/1.jpg": IMAGE})
    with pytest.raises(StoreFull):
        list(Unpacking(path, tmp_path / "a", LIMITS, reserve_bytes=1 << 60).steps())
    assert not list((tmp_path / "a").iterdir())


def test_whatever_is_wrong_with_a_zip_is_told_as_an_error_of_ours(tmp_path: Path) -> None:
    chance = random.Random(7)
    whole = zip_bytes({"Shoes/1.jpg": IMAGE, "Shoes/2.jpg": IMAGE[:500], "t.csv": b"id,category\n"})
    directory = whole.rfind(b"PK\x01\x02", 0, whole.rfind(b"PK\x01\x02", 0, whole.rfind(b"PK\x01\x02")))
    refused = 0
    for number in range(1_500):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 8])):
            place = chance.randrange(len(data)) if number % 3 else chance.randrange(directory, len(data))
            data[place] = chance.choice([0, 0xFF, chance.randrange(256)])
        if number % 10 == 0:
            del data[chance.randrange(len(data)) :]
        path = tmp_path / f"{number}.zip"
        path.write_bytes(data)
        try:
            files, _ = unpack(path)
        except CatalogError:
            refused += 1
        else:
            assert all(
                (tmp_path / str(number) / name).is_relative_to(tmp_path / str(number)) for name in files
            )
    assert 100 < refused < 1_400


def test_the_zip_module_is_as_it_was_when_this_was_written() -> None:
    """`orig_filename` is what keeps a NUL in a name from hiding what stands behind it."""
    assert zipfile.ZipInfo("a\0b").orig_filename == "a\0b"


def test_a_name_with_a_nul_is_a_reject(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"Shoes/1.jpg": IMAGE, "Shoes/aXb.jpg": IMAGE})
    path.write_bytes(path.read_bytes().replace(b"Shoes/aXb.jpg", b"Shoes/a\0b.jpg"))
    files, rejects = unpack(path)
    assert files.keys() == {"Shoes/1.jpg"}
    assert len(rejects) == 1
