import io
import math
import struct
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from torchvision.transforms import v2

from embedder import CropBox, Embedder, ImageError, ImageLimits, read_image, resize_and_crop

Encode = Callable[..., bytes]
Draw = Callable[[str, str, int], Image.Image]

# Stored so that a viewer must apply the orientation's own operation to see it upright.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def picture(width: int = 120, height: int = 90) -> Image.Image:
    """Smooth, and with four different corners, so that no turn or flip of it looks like another."""
    y, x = np.mgrid[0:height, 0:width]
    channels = (x * 255 // width, y * 255 // height, (x + 2 * y) * 255 // (width + 2 * height))
    return Image.fromarray(np.stack(channels, axis=2).astype(np.uint8))


def turned(orientation: int, width: int = 120, height: int = 90) -> tuple[Image.Image, Image.Exif]:
    operation = STORED_AS[orientation]
    image = picture(width, height)
    if operation is not None:
        image = image.transpose(operation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return image, exif


def difference(left: Image.Image, right: Image.Image) -> float:
    return float(np.abs(np.asarray(left, dtype=float) - np.asarray(right, dtype=float)).mean())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_accepted_format_shows_the_same_picture(encode: Encode, kind: str) -> None:
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF") else {}
    read = read_image(encode(picture(), kind, **options))
    assert (read.mode, read.size) == ("RGB", (120, 90))
    assert difference(read, picture()) < 4


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_each_orientation_is_turned_upright(encode: Encode, kind: str, orientation: int) -> None:
    image, exif = turned(orientation)
    read = read_image(encode(image, kind, exif=exif))
    assert difference(read, picture()) == 0


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_photographs_from_a_phone_held_upright_are_upright(encode: Encode, kind: str) -> None:
    image, exif = turned(6)
    read = read_image(encode(image, kind, exif=exif, quality=95))
    assert read.size == (120, 90)
    assert difference(read, picture()) < 4


def test_all_orientations_of_one_picture_give_one_vector(encode: Encode, embedder: Embedder) -> None:
    files = [encode(image, "PNG", exif=exif) for image, exif in map(turned, STORED_AS)]
    vectors = embedder.embed([embedder.prepare(read_image(file)) for file in files])
    np.testing.assert_allclose(vectors, np.broadcast_to(vectors[0], vectors.shape), atol=1e-6)


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LA", "RGBA", "PA", "I;16", "I", "F"]
)
def test_every_mode_becomes_the_colours_a_viewer_shows(encode: Encode, mode: str) -> None:
    grey = Image.new("L", (40, 30), 255)
    grey.paste(0, (0, 0, 20, 30))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    elif mode == "PA":
        image = grey.convert("P").convert("PA")
    else:
        image = grey.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr") else grey.convert(mode)
    kind = "TIFF" if mode in ("CMYK", "YCbCr", "PA", "I", "F") else "PNG"
    if mode == "PA":
        kind, image = "PNG", image.convert("RGBA")
    data = encode(image, kind)
    read = np.asarray(read_image(data))
    assert read[:, :18].max() < 6
    assert read[:, 22:].min() > 249
    part = read_image(data, crop=CropBox(0.25, 0.1, 0.75, 0.9))
    np.testing.assert_array_equal(np.asarray(part), read[3:27, 10:30])


@pytest.mark.parametrize("mode", ["I", "F"])
def test_the_whole_picture_decides_what_is_white_in_a_crop(encode: Encode, mode: str) -> None:
    ramp = np.repeat(np.linspace(0, 500, 200)[None], 20, axis=0)
    data = encode(Image.fromarray(ramp.astype(np.int32 if mode == "I" else np.float32)), "TIFF")
    part = read_image(data, crop=CropBox(0, 0, 0.5, 1))
    np.testing.assert_array_equal(np.asarray(part), np.asarray(read_image(data))[:, :100])
    assert np.asarray(part).max() < 5


def test_sixteen_bit_greys_keep_their_steps(encode: Encode) -> None:
    ramp = np.repeat(np.linspace(0, 65535, 256, dtype=np.uint16)[None], 8, axis=0)
    read = np.asarray(read_image(encode(Image.fromarray(ramp), "PNG")))
    np.testing.assert_array_equal(read[0, :, 0], np.arange(256))


def test_floating_point_greys_between_zero_and_one_use_the_whole_range(encode: Encode) -> None:
    ramp = np.repeat(np.linspace(0, 1, 256, dtype=np.float32)[None], 8, axis=0)
    ramp[1] = np.nan
    read = np.asarray(read_image(encode(Image.fromarray(ramp), "TIFF")))
    np.testing.assert_array_equal(read[0, :, 0], np.arange(256))
    assert not read[1].any()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("TIFF", "RGBA")]
)
def test_what_is_transparent_is_white(encode: Encode, kind: str, mode: str) -> None:
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    image = Image.new(mode, (8, 8), (0,) * len(mode))
    assert set(np.asarray(read_image(encode(image, kind, **options))).ravel()) == {255}


def test_half_transparent_black_is_grey(encode: Encode) -> None:
    assert read_image(encode(Image.new("RGBA", (8, 8), (0, 0, 0, 128)), "PNG")).getpixel((4, 4)) == (127,) * 3


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_a_colour_declared_transparent_is_white(encode: Encode, mode: str) -> None:
    transparent = (0, 0, 0) if mode == "RGB" else 0
    image = Image.new(mode, (8, 8), 0)
    read = read_image(encode(image, "PNG", transparency=transparent))
    assert read.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_an_animation_is_its_first_frame(encode: Encode, kind: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "lime", "blue")]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:])
    pixel = np.asarray(read_image(data))[16, 16]
    assert pixel[0] > 240
    assert pixel[1:].max() < 15


def test_an_animated_avif_is_refused_by_name(encode: Encode) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "lime")]
    with pytest.raises(ImageError) as refusal:
        read_image(encode(frames[0], "AVIF", save_all=True, append_images=frames[1:]))
    assert refusal.value.code == "image_format_unsupported"


def test_a_declared_number_of_frames_is_capped(encode: Encode) -> None:
    frames = [Image.new("L", (4, 4), shade) for shade in range(6)]
    data = encode(frames[0], "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(ImageError) as refusal:
        read_image(data, ImageLimits(max_frames=5))
    assert refusal.value.code == "image_too_many_frames"


def swapped_profile() -> bytes:
    """sRGB with its red and green primaries exchanged: nobody can overlook whether it was applied."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    at = {bytes(profile[i : i + 4]): i for i in range(132, 132 + 12 * count, 12)}
    profile[at[b"rXYZ"] : at[b"rXYZ"] + 4], profile[at[b"gXYZ"] : at[b"gXYZ"] + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_an_embedded_profile_is_applied(encode: Encode, kind: str) -> None:
    data = encode(Image.new("RGB", (32, 32), (200, 20, 20)), kind, icc_profile=swapped_profile())
    red, green, _ = np.asarray(read_image(data))[16, 16]
    assert green > 180
    assert red < 60


@pytest.mark.parametrize("profile", [b"nonsense", b"", swapped_profile()[:200], bytes(4096)])
def test_a_broken_profile_is_ignored(encode: Encode, profile: bytes) -> None:
    data = encode(Image.new("RGB", (8, 8), (200, 20, 20)), "PNG", icc_profile=profile)
    assert read_image(data).getpixel((4, 4)) == (200, 20, 20)


def test_a_profile_for_another_kind_of_picture_is_ignored(encode: Encode) -> None:
    data = encode(Image.new("L", (8, 8), 99), "PNG", icc_profile=swapped_profile())
    assert read_image(data).getpixel((4, 4)) == (99, 99, 99)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"]
)
def test_a_broken_exif_block_does_not_spoil_the_picture(encode: Encode, exif: bytes) -> None:
    assert read_image(encode(picture(), "JPEG", exif=exif)).size == (120, 90)


BOX = CropBox(0.1, 0.2, 0.55, 0.9)


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_a_crop_is_of_the_picture_as_it_is_seen(encode: Encode, kind: str, orientation: int) -> None:
    image, exif = turned(orientation)
    options = {"quality": 95} if kind in ("JPEG", "WEBP", "AVIF") else {}
    read = read_image(encode(image, kind, exif=exif, **options), crop=BOX)
    expected = picture().crop((12, 18, 66, 81))
    assert read.size == expected.size
    assert difference(read, expected) < (4 if options else 1e-9)


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_crop_of_a_large_picture_is_reduced_in_its_place(
    encode: Encode, kind: str, orientation: int
) -> None:
    image, exif = turned(orientation, 1203, 905)
    options = {"quality": 95} if kind == "JPEG" else {"compress_level": 1}
    read = read_image(encode(image, kind, exif=exif, **options), target_side=90, crop=BOX)
    assert 90 <= min(read.size) < 180
    exact = picture(1203, 905).crop((120, 181, 662, 815))
    expected = exact.resize(read.size, Image.Resampling.BOX)
    assert difference(read, expected) < 1.5
    corners = np.ix_([0, -1], [0, -1])
    np.testing.assert_allclose(np.asarray(read)[corners], np.asarray(expected)[corners], atol=4)


@pytest.mark.parametrize("target_side", [None, 448, 200, 100, 50])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_crop_holds_what_was_chosen_and_nothing_of_what_surrounds_it(
    encode: Encode, kind: str, target_side: int | None
) -> None:
    image = Image.new("RGB", (2003, 1501), "white")
    image.paste("black", (611, 307, 1213, 1109))
    crop = CropBox(611 / 2003, 307 / 1501, 1213 / 2003, 1109 / 1501)
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    read = np.asarray(read_image(encode(image, kind, **options), target_side=target_side, crop=crop))
    inside = read if kind == "PNG" or not target_side else read[1:-1, 1:-1]
    assert inside.max() < 40


def test_a_smaller_decoding_keeps_the_last_pixels(encode: Encode) -> None:
    assert read_image(encode(picture(1203, 905), "JPEG"), target_side=100).size == (151, 114)


def test_a_small_crop_of_a_large_photograph_stays_sharp(encode: Encode) -> None:
    stripes = (np.arange(4000) // 3 % 2 * 255).astype(np.uint8)
    data = encode(Image.fromarray(np.broadcast_to(stripes, (3000, 4000))), "JPEG", quality=95)
    read = read_image(data, crop=CropBox(0.25, 0.25, 0.375, 0.4))
    assert read.size == (500, 450)
    np.testing.assert_allclose(np.asarray(read)[:, :, 0] > 127, np.tile(stripes[1000:1500] > 127, (450, 1)))


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("target_side", [None, 448, 60])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_the_whole_is_a_crop_too(
    encode: Encode, kind: str, target_side: int | None, orientation: int
) -> None:
    image, exif = turned(orientation, 1203, 905)
    data = encode(image, kind) if kind in ("GIF", "BMP") else encode(image, kind, exif=exif)
    whole = read_image(data, target_side=target_side)
    cropped = read_image(data, target_side=target_side, crop=CropBox(0, 0, 1, 1))
    assert (cropped.size, cropped.tobytes()) == (whole.size, whole.tobytes())


@pytest.mark.parametrize(
    "box",
    [
        (0.5, 0, 0.5, 1),
        (0, 0.7, 1, 0.6),
        (-0.01, 0, 1, 1),
        (0, 0, 1, 1.01),
        (12, 18, 66, 81),
        (math.nan, 0, 1, 1),
        (0, 0, 1, math.nan),
        (0, -math.inf, 1, math.inf),
    ],
)
def test_a_crop_lies_within_the_picture(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(ImageError, match=r"\.$") as refusal:
        CropBox(*box)
    assert refusal.value.code == "crop_invalid"


@pytest.mark.parametrize("box", [(0.501, 0, 0.502, 1), (0, 0.98, 1, 0.981), (0.9999, 0, 1, 1)])
def test_a_crop_of_less_than_a_pixel_is_refused(
    encode: Encode, box: tuple[float, float, float, float]
) -> None:
    with pytest.raises(ImageError, match=r"\.$") as refusal:
        read_image(encode(picture(), "PNG"), crop=CropBox(*box))
    assert refusal.value.code == "crop_invalid"


@pytest.mark.parametrize("shift", [0, 0.25, 0.5, 0.75])
def test_a_crop_of_one_pixel_is_a_picture(encode: Encode, shift: float) -> None:
    data = encode(picture(24, 10), "PNG")
    for column in range(23):
        crop = CropBox((column + shift) / 24, 0.1, (column + 1 + shift) / 24, 0.2)
        assert read_image(data, crop=crop).size == (1, 1)


_sides = st.tuples(st.floats(), st.floats()) | st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["JPEG", "PNG"]), _sides, _sides, st.sampled_from([None, 1, 7, 60, 448]))
def test_any_box_gives_a_picture_or_a_refusal(
    lying_files: dict[str, bytes],
    kind: str,
    across: Sequence[float],
    down: Sequence[float],
    target_side: int | None,
) -> None:
    try:
        crop = CropBox(across[0], down[0], across[1], down[1])
        read = read_image(lying_files[kind], target_side=target_side, crop=crop)
    except ImageError as refusal:
        assert refusal.code == "crop_invalid"  # noqa: PT017 - either outcome is right
    else:
        assert read.mode == "RGB"
        assert 1 <= read.width <= 700
        assert 1 <= read.height <= 500
        chosen = min((crop.right - crop.left) * 700, (crop.bottom - crop.top) * 500)
        assert min(read.size) >= min(target_side or 700, math.floor(chosen))


@pytest.fixture(scope="module")
def lying_files(encode: Encode) -> dict[str, bytes]:
    image, exif = turned(6, 700, 500)
    return {kind: encode(image, kind, exif=exif) for kind in ("JPEG", "PNG")}


def test_a_profile_is_applied_to_a_crop(encode: Encode) -> None:
    data = encode(Image.new("RGB", (32, 32), (200, 20, 20)), "PNG", icc_profile=swapped_profile())
    whole, part = read_image(data), read_image(data, crop=BOX)
    assert part.getpixel((4, 4)) == whole.getpixel((4, 4)) != (200, 20, 20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_large_pictures_come_back_small_but_not_too_small(encode: Encode, kind: str) -> None:
    read = read_image(encode(picture(2600, 1700), kind), target_side=512)
    assert 512 <= min(read.size) < 1024
    assert read.width / read.height == pytest.approx(2600 / 1700, rel=0.01)
    assert difference(read, picture(2600, 1700).resize(read.size, Image.Resampling.BOX)) < 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_without_a_target_nothing_is_reduced(encode: Encode, kind: str) -> None:
    read = read_image(encode(picture(2000, 1500), kind), target_side=None)
    assert read.size == (2000, 1500)
    assert difference(read, picture(2000, 1500)) < 3


def test_a_large_transparent_picture_has_no_seams(encode: Encode) -> None:
    image = picture(2300, 1900)
    image.putalpha(200)
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    assert difference(read_image(encode(image, "PNG", compress_level=1), target_side=None), white) < 1


@pytest.mark.parametrize(
    "size", [(300, 200), (200, 300), (224, 224), (1000, 999), (1600, 301), (40, 37), (257, 1)]
)
@pytest.mark.parametrize("resize", [256, 232])
def test_resizing_agrees_with_torchvisions_own_preset(size: tuple[int, int], resize: int) -> None:
    image = picture(*size)
    preset = v2.Compose([v2.Resize(resize, antialias=True), v2.CenterCrop(224)])
    ours = resize_and_crop(image, resize, 224).astype(int)
    assert ours.shape == (224, 224, 3)
    if min(size) > 1:
        assert np.abs(ours - np.asarray(preset(image)).astype(int)).max() <= 2


def test_a_thin_picture_is_not_blown_up() -> None:
    assert resize_and_crop(picture(1, 20_000), 256, 224).shape == (224, 224, 3)


def test_pictures_need_not_come_from_a_file(draw: Draw, embedder: Embedder) -> None:
    pixels = embedder.prepare(draw("dots", "crimson", 0).convert("P"))
    assert pixels.shape == (224, 224, 3)
    assert pixels.dtype == np.uint8


def test_reading_twice_gives_the_same_pixels(encode: Encode) -> None:
    data = encode(picture(900, 700), "JPEG")
    assert read_image(data).tobytes() == read_image(bytes(io.BytesIO(data).getvalue())).tobytes()
