import gzip
import io
import json
import random
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from embedder import ImageCode, ImageError, ImageLimits, read_image

Encode = Callable[..., bytes]

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAGICS = (
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\xff\0\0\0WEBPVP8X",
    b"GIF89a\x10\0\x10\0",
    b"BM",
    b"II*\0\x08\0\0\0",
    b"\0\0\0\x1cftypavif",
)


def sample(kind: str, **options: object) -> bytes:
    y, x = np.mgrid[0:96, 0:128]
    noise = np.random.default_rng(5).integers(0, 90, (96, 128))
    return encoded(Image.fromarray(np.stack([x, y * 2, noise], axis=2).astype(np.uint8)), kind, **options)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


SAMPLES = {kind: sample(kind) for kind in KINDS} | {
    "progressive": sample("JPEG", progressive=True),
    "lossless": sample("WEBP", lossless=True),
    "deflated": sample("TIFF", compression="tiff_adobe_deflate"),
}

STRANGERS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "svg with a prologue": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaa">]><svg>&a;</svg>',
    "svgz": gzip.compress(b"<svg/>", mtime=0),
    "html": b"<!doctype html><img src=x onerror=alert(1)>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "zip": b"PK\x03\x04" + bytes(60),
    "exe": b"MZ" + bytes(60),
    "script": b"#!/bin/sh\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "ppm": b"P6 2 2 255\n" + bytes(12),
    "psd": b"8BPS\0\1" + bytes(60),
    "ico": b"\0\0\1\0\1\0" + bytes(60),
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "one zero": b"\0",
    "two bytes of a jpeg": b"\xff\xd8",
    "zeros": bytes(100_000),
}


def code_of(data: bytes, **limits: int) -> str:
    with pytest.raises(ImageError) as refusal:
        read_image(data, ImageLimits(**limits))
    assert str(refusal.value).endswith(".")
    return refusal.value.code


def png(width: int, height: int, rows: bytes, depth: int = 8, kind: int = 2) -> bytes:
    def chunk(name: bytes, contents: bytes) -> bytes:
        return (
            struct.pack(">I", len(contents))
            + name
            + contents
            + struct.pack(">I", zlib.crc32(name + contents))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


Files = dict[str, bytes]


def cut_short() -> Files:
    return {
        f"{name}, first {percent} percent": data[: len(data) * percent // 100]
        for name, data in SAMPLES.items()
        for percent in range(100)
    }


def flipped() -> Files:
    return {f"{name}, dice {seed}": flip(SAMPLES[name], seed) for name in SAMPLES for seed in range(40)}


def flip(picture: bytes, seed: int) -> bytes:
    dice, data = random.Random(seed), bytearray(picture)
    reach = len(data) if seed % 2 else min(len(data), 200)
    for _ in range(1 + seed % 12):
        data[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    return bytes(data)


def disguised() -> Files:
    return {
        f"{name} behind {before!r:.24}": before + body
        for name, body in STRANGERS.items()
        for before in (b"", b"\xef\xbb\xbf", b"\r\n\t ", bytes(4), *MAGICS)
    }


def with_more_behind() -> Files:
    return {
        f"{name} before {kind}": picture + STRANGERS[kind]
        for name, picture in SAMPLES.items()
        for kind in ("svg", "html", "pdf")
    }


def thin() -> Files:
    longest = {"WEBP": 16_383, "AVIF": 32_768}
    return {
        f"{kind} of {width}x{height}": encoded(Image.new("RGB", (width, height), "red"), kind)
        for kind in KINDS
        for long in [longest.get(kind, 60_000)]
        for width, height in [(1, 1), (1, long), (long, 1)]
    }


def oversized() -> Files:
    """True in every other respect: only the announced width and height are changed."""
    written = {
        "GIF": (6, "<HH"),
        "BMP": (18, "<ii"),
        "JPEG": (SAMPLES["JPEG"].index(b"\xff\xc0") + 5, ">HH"),
        "progressive": (SAMPLES["progressive"].index(b"\xff\xc2") + 5, ">HH"),
        "AVIF": (SAMPLES["AVIF"].index(b"ispe") + 8, ">II"),
    }
    sizes = [(0, 9), (9, 0), (1, 60_000), (60_000, 1), (6_400, 6_300), (19_999, 19_999), (65_535, 65_535)]
    return {
        f"{name} announcing {width}x{height}": replaced(SAMPLES[name], at, struct.pack(form, width, height))
        for name, (at, form) in written.items()
        for width, height in sizes
    } | {f"PNG announcing {size}": png(*size, zlib.compress(b"tiny")) for size in sizes}


def replaced(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


FAMILIES = (cut_short, flipped, disguised, with_more_behind, thin, oversized)


def hostile() -> Files:
    return {name: data for family in FAMILIES for name, data in family().items()}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MAGICS), st.binary(max_size=400))
def test_anything_behind_a_known_beginning_is_refused(magic: bytes, rest: bytes) -> None:
    code_of(magic + rest)


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_not_an_accepted_picture_is_named_so(name: str) -> None:
    assert code_of(STRANGERS[name]) == "image_format_unsupported"


def test_nothing_at_all_is_refused() -> None:
    assert code_of(b"") == "image_empty"


def test_too_many_bytes_are_refused_before_a_look_at_them() -> None:
    assert code_of(b"\xff\xd8\xff" + bytes(10_000_000)) == "image_too_large"


def test_one_single_pixel_is_a_picture(encode: Encode) -> None:
    assert read_image(encode(Image.new("RGB", (1, 1), "red"), "PNG")).size == (1, 1)


@pytest.mark.parametrize("size", [(1, 60_000), (60_000, 1), (20_001, 20)])
def test_a_side_can_be_too_long(encode: Encode, size: tuple[int, int]) -> None:
    assert code_of(encode(Image.new("L", size), "PNG")) == "image_side_too_long"


@pytest.mark.parametrize("size", [(13_000, 13_000), (6_400, 6_300), (19_999, 19_999)])
def test_too_many_pixels_are_refused_by_the_header_alone(size: tuple[int, int]) -> None:
    started = time.monotonic()
    assert code_of(png(*size, zlib.compress(b"tiny"))) == "image_too_many_pixels"
    assert time.monotonic() - started < 0.5


def test_the_largest_header_there_can_be_is_refused() -> None:
    assert code_of(png(2**31 - 1, 2**31 - 1, b"")) == "image_side_too_long"


def test_a_gif_whose_frame_is_larger_than_its_screen_is_measured_by_its_frame() -> None:
    data = bytearray(SAMPLES["GIF"])
    at = data.index(b"\x2c\0\0\0\0")
    data[at + 5 : at + 9] = struct.pack("<HH", 12_000, 12_000)
    assert code_of(bytes(data)) == "image_too_many_pixels"


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_formats_that_need_more_memory_may_have_fewer_pixels(encode: Encode, kind: str) -> None:
    data = encode(Image.new("RGB", (60, 50)), kind)
    assert code_of(data, max_pixels=5_999) == "image_too_many_pixels"
    assert read_image(data, ImageLimits(max_pixels=6_000)).size == (60, 50)


def test_an_avif_with_a_larger_picture_inside_than_announced_is_refused(encode: Encode) -> None:
    assert code_of(lying_avif(encode, 3600)) == "image_damaged"


def lying_avif(encode: Encode, side: int = 6000) -> bytes:
    data = encode(Image.new("L", (side, side)), "AVIF", speed=10)
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", 100, 100) + data[at + 8 :]


def many_scans(count: int) -> bytes:
    """A progressive JPEG whose last few bytes of scan are repeated: each one visits every pixel again."""
    data = sample("JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def test_a_jpeg_of_very_many_scans_is_refused() -> None:
    assert code_of(many_scans(400)) == "image_too_complex"
    assert read_image(many_scans(3)).size == (128, 96)


def test_a_tiff_with_a_tile_larger_than_itself_is_refused() -> None:
    entries = [
        (256, 4, 8), (257, 4, 8), (258, 3, 8), (259, 3, 8), (262, 3, 1), (277, 3, 1),
        (322, 4, 30_000), (323, 4, 30_000), (324, 4, 200), (325, 4, 50),
    ]  # fmt: skip
    directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    data = b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(200)
    assert code_of(data) == "image_too_complex"


def test_a_gif_of_a_hundred_thousand_frames_is_read_at_once() -> None:
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\x02\x02\x44\x01\0"
    data = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame * 100_000 + b";"
    started = time.monotonic()
    assert read_image(data).size == (1, 1)
    assert time.monotonic() - started < 0.5


def test_text_that_inflates_a_thousandfold_is_refused_or_skipped() -> None:
    text = b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    data = SAMPLES["PNG"]
    assert code_of(data[:33] + chunk + data[33:]) == "image_damaged"


MEASURE = """
import json, sys, time
from pathlib import Path
from embedder import CropBox, ImageError, read_image

CROP = CropBox(0.1, 0.02, 0.97, 0.99)

def mb(line):
    status = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
    return int(status[line].split()[0]) / 1024

def outcome(data, crop):
    try:
        return read_image(data, crop=crop).mode
    except ImageError as error:
        return error.code if str(error).endswith(".") else str(error)
    except Exception as error:
        return repr(error)

before, measured = mb("VmRSS"), []
for path in sorted(Path(sys.argv[1]).iterdir()):
    data, started = path.read_bytes(), time.monotonic()
    whole, cropped = outcome(data, None), outcome(data, CROP)
    measured.append((whole, cropped, time.monotonic() - started, mb("VmHWM") - before))
print(json.dumps(measured))
"""


class Measured(NamedTuple):
    whole: str
    cropped: str
    seconds: float
    grown_mb: float


def measure(files: Files, folder: Path) -> dict[str, Measured]:
    """In a process of its own, in the order of `files`. Its peak is not asked of getrusage, where a process
    begins with the peak of the one that started it."""
    for number, data in enumerate(files.values()):
        (folder / f"{number:05}").write_bytes(data)
    command = [sys.executable, "-W", "ignore", "-c", MEASURE, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=100, check=True)
    return dict(zip(files, (Measured(*row) for row in json.loads(done.stdout)), strict=True))


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measured]:
    return measure(hostile(), tmp_path_factory.mktemp("hostile"))


def test_every_hostile_file_gives_a_picture_or_a_typed_refusal(measured: dict[str, Measured]) -> None:
    assert len(measured) == sum(len(family()) for family in FAMILIES) >= 1_500
    expected = {"RGB", *get_args(ImageCode)} - {"crop_invalid"}
    odd = {name: m for name, m in measured.items() if not {m.whole, m.cropped} <= expected}
    assert odd == {}


def test_no_hostile_file_takes_long_or_much_memory(measured: dict[str, Measured]) -> None:
    assert {name: m for name, m in measured.items() if m.seconds > 5} == {}
    assert max(m.grown_mb for m in measured.values()) < 500


def test_what_is_cut_short_is_refused(measured: dict[str, Measured]) -> None:
    codes = {"image_empty", "image_damaged", "image_format_unsupported"}
    assert {name: measured[name] for name in cut_short() if measured[name].whole not in codes} == {}


def test_what_is_disguised_is_refused(measured: dict[str, Measured]) -> None:
    assert {name: measured[name] for name in disguised() if measured[name].whole == "RGB"} == {}


def test_what_follows_a_picture_is_never_looked_at(measured: dict[str, Measured]) -> None:
    spoilt = {name for name in with_more_behind() if measured[name][:2] != ("RGB", "RGB")}
    # Its size is known only when all of an AVIF is understood.
    assert spoilt == {f"AVIF before {kind}" for kind in ("svg", "html", "pdf")}


def test_single_pixels_are_pictures_and_endless_rows_are_not(measured: dict[str, Measured]) -> None:
    for name in thin():
        short = name.endswith("1x1") or name.startswith("WEBP")
        assert measured[name][:2] == (("RGB",) * 2 if short else ("image_side_too_long",) * 2), name


def test_a_false_size_is_refused(measured: dict[str, Measured]) -> None:
    accepted = {name for name in oversized() if measured[name].whole == "RGB"}
    # A GIF's screen grows with its frames.
    assert accepted == {"GIF announcing 0x9", "GIF announcing 9x0"}


def bombs(encode: Encode) -> Files:
    """The refused ones first, because a process's peak never falls again."""
    wide = Image.linear_gradient("L").resize((6300, 6300))
    return {
        "png of 169 megapixels": png(13_000, 13_000, zlib.compress(bytes(13_001 * 13_000), 1), kind=0),
        "lying avif": lying_avif(encode),
        "png at the limit": png(6300, 6300, zlib.compress(bytes((1 + 4 * 6300) * 6300), 1), kind=6),
        "progressive cmyk": encode(Image.merge("CMYK", [wide] * 4), "JPEG", progressive=True, quality=10),
        "webp at the limit": encode(wide.resize((4470, 4470)).convert("RGBA"), "WEBP", method=0, quality=5),
    }


def test_no_bomb_needs_more_than_half_a_gigabyte(encode: Encode, tmp_path: Path) -> None:
    files = bombs(encode)
    assert max(map(len, files.values())) < 10_000_000
    found = measure(files, tmp_path)
    assert found["png of 169 megapixels"].whole == "image_too_many_pixels"
    assert found["lying avif"].whole == "image_damaged"
    assert found["lying avif"].grown_mb < 50
    for name in ("png at the limit", "progressive cmyk", "webp at the limit"):
        assert found[name][:2] == ("RGB", "RGB")
    assert max(bomb.grown_mb for bomb in found.values()) < 500
