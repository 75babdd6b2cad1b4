"""Zips as strangers make them."""

import stat
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo


def zipped(path: Path, files: dict[str, bytes], *, method: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name), content, method)
    return path


def zip_bytes(files: dict[str, bytes]) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def with_link(path: Path, name: str, target: str, kind: int = stat.S_IFLNK) -> Path:
    info = ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    with ZipFile(path, "w") as archive:
        archive.writestr(info, target)
    return path


def said_encrypted(path: Path, files: dict[str, bytes]) -> Path:
    """The bit that says so, in both of the places where it stands."""
    data = bytearray(zipped(path, files).read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(signature, place + 4)
    path.write_bytes(data)
    return path


def with_huge_directory(path: Path, bytes_: int) -> Path:
    """It announces a table of contents of so many bytes, and has them: all of them zeros, and none on the disk."""
    data = zip_bytes({"a.jpg": b"x"})
    end = bytearray(data[data.rfind(b"PK\x05\x06") :])
    end[12:16] = bytes_.to_bytes(4, "little")
    end[16:20] = (0).to_bytes(4, "little")
    with path.open("wb") as file:
        file.truncate(bytes_)
        file.seek(bytes_)
        file.write(end)
    return path
