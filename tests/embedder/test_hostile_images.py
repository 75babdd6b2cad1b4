import io
import json
import random
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from embedder import ImageError, ImageLimits, read_image

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
    buffer = io.BytesIO()
    Image.fromarray(np.stack([x, y * 2, noise], axis=2).astype(np.uint8)).save(buffer, kind, **options)
    return buffer.getvalue()


SAMPLES = {kind: sample(kind) for kind in KINDS} | {
    "progressive": sample("JPEG", progressive=True),
    "lossless": sample("WEBP", lossless=True),
    "deflated": sample("TIFF", compression="tiff_adobe_deflate"),
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


@pytest.mark.parametrize("percent", [0.5, 2, 5, 10, 20, 35, 50, 65, 80, 90, 95])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_picture_cut_short_is_refused(name: str, percent: float) -> None:
    data = SAMPLES[name]
    assert code_of(data[: max(1, int(len(data) * percent / 100))]) in (
        "image_damaged",
        "image_format_unsupported",
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", SAMPLES)
def test_flipped_bytes_give_a_picture_or_a_refusal_and_nothing_else(name: str, seed: int) -> None:
    dice, data = random.Random(seed), bytearray(SAMPLES[name])
    reach = len(data) if seed % 2 else min(len(data), 200)
    for _ in range(1 + seed):
        data[dice.randrange(reach)] ^= 1 << dice.randrange(8)
    started = time.monotonic()
    with suppress(ImageError):
        assert read_image(bytes(data)).mode == "RGB"
    assert time.monotonic() - started < 5


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(MAGICS), st.binary(max_size=400))
def test_anything_behind_a_known_beginning_is_refused(magic: bytes, rest: bytes) -> None:
    code_of(magic + rest)


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"<!doctype html><img src=x onerror=alert(1)>",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"PK\x03\x04" + bytes(60),
        b"MZ" + bytes(60),
        b"#!/bin/sh\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"P6 2 2 255\n" + bytes(12),
        b"8BPS\0\1" + bytes(60),
        b"\0\0\1\0\1\0" + bytes(60),
        b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0",
        b"\xff\xd8",
        bytes(100_000),
    ],
)
def test_what_is_not_an_accepted_picture_is_named_so(data: bytes) -> None:
    assert code_of(data) == "image_format_unsupported"


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
import json, resource, sys
from pathlib import Path
from embedder import ImageError, read_image

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

before, grown = peak_mb(), {}
for path in map(Path, sys.argv[1:]):
    try:
        outcome = "read" if read_image(path.read_bytes()) else ""
    except ImageError as error:
        outcome = error.code
    grown[path.name] = [outcome, peak_mb() - before]
print(json.dumps(grown))
"""


def bombs(encode: Encode) -> dict[str, bytes]:
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
    files = []
    for name, data in bombs(encode).items():
        assert len(data) < 10_000_000, name
        files.append(tmp_path / name)
        files[-1].write_bytes(data)
    command = [sys.executable, "-c", MEASURE, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    grown = json.loads(done.stdout)
    assert grown["png of 169 megapixels"][0] == "image_too_many_pixels"
    assert grown["lying avif"][0] == "image_damaged"
    assert grown["lying avif"][1] < 50
    assert grown["webp at the limit"][0] == "read"
    assert max(mb for _, mb in grown.values()) < 500
