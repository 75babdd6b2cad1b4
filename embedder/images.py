"""Bytes of unknown origin in, a small upright RGB picture out. Every limit on hostile input is here."""

import io
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from .avif import coded_pixels
from .colour import flat_pieces, to_srgb
from .errors import ImageError

_Box = tuple[int, int, int, int]

# Twice what the network looks at: whatever the coarse reduction blurs, the fine one would have blurred too.
TARGET_SIDE = 448

_SMALL = 1 << 22  # pixels: below this, nobody minds a lie about size
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """`max_frames` holds where the header declares a number; elsewhere later frames are never walked."""

    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    max_side: int = 20_000
    max_frames: int = 1_000
    max_scans: int = 200


@dataclass(frozen=True, slots=True)
class CropBox:
    """A part of the picture as a person sees it, upright, in fractions of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        # Written so that NaN, which compares as false with everything, is refused as well.
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ImageError("crop_invalid", "The chosen part does not lie within the picture.")


class Area(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def read_image(
    data: bytes,
    limits: ImageLimits = ImageLimits(),
    target_side: int | None = TARGET_SIDE,
    crop: CropBox | None = None,
) -> Image.Image:
    """The first frame, or what `crop` leaves of it, upright, on white, in sRGB, and coarsely reduced while its
    shorter side stays at least `target_side` (None: never reduced). Raises ImageError and nothing else."""
    _check_bytes(data, limits)
    try:
        return _decode(data, limits, target_side, crop or CropBox(0, 0, 1, 1))
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(limits) from error
    except Exception as error:  # decoders raise all sorts of things when fed nonsense
        raise ImageError("image_damaged", "The picture is damaged or incomplete.") from error


def resize_and_crop(image: Image.Image, resize: int, crop: int) -> NDArray[np.uint8]:
    """Shorter side to `resize`, then the central `crop` x `crop`, as torchvision's presets do it."""
    # Only the crop is computed: a 1 x 20000 picture would otherwise be blown up to 256 x 5120000.
    box = central_box(image.size, resize, crop)
    return np.array(image.resize((crop, crop), Image.Resampling.BILINEAR, box=box), dtype=np.uint8)


def central_box(size: tuple[int, int], resize: int, crop: int) -> Area:
    """What `resize_and_crop` leaves of a picture of this size, in its own pixels."""
    width, height = size
    short = min(width, height)
    new_width, new_height = int(resize * width / short), int(resize * height / short)
    left, top = round((new_width - crop) / 2), round((new_height - crop) / 2)
    across, down = width / new_width, height / new_height
    return Area(
        left * across, top * down, min(width, (left + crop) * across), min(height, (top + crop) * down)
    )


def _check_bytes(data: bytes, limits: ImageLimits) -> None:
    if not data:
        raise ImageError("image_empty", "The file is empty.")
    if len(data) > limits.max_bytes:
        raise ImageError("image_too_large", f"The file is larger than {limits.max_bytes / 1e6:g} MB.")


def _decode(data: bytes, limits: ImageLimits, target_side: int | None, crop: CropBox) -> Image.Image:
    stored, profile, orientation = _stored_part(data, limits, target_side, crop)
    flat = _reduced(stored, target_side)
    upright = flat.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else flat
    return to_srgb(upright, profile)


def _stored_part(
    data: bytes, limits: ImageLimits, target_side: int | None, crop: CropBox
) -> tuple[Image.Image, object, int]:
    """What the box leaves, not yet turned or recoloured, with the colour profile and the orientation."""
    # The plugins are called by hand because Image.open warns about size through the process-wide filters.
    with _plugin_for(data)(io.BytesIO(data)) as image:
        _check_header(image, data, limits)
        if not isinstance(image, JpegImageFile):
            image.load()
        orientation = _orientation(image)
        box = _stored_box(crop, image.size, orientation)
        if isinstance(image, JpegImageFile) and target_side:
            box = _draft(image, box, target_side)
        image.load()
        profile = image.info.get("icc_profile")
        if box == (0, 0, *image.size):
            return image, profile, orientation
        # In these modes the whole picture decides what is white.
        whole = _reduced(image, None) if image.mode in ("I", "F") else image
        return whole.crop(box), profile, orientation


def _stored_box(crop: CropBox, size: tuple[int, int], orientation: int) -> _Box:
    lying = orientation in (5, 6, 7, 8)
    width, height = size[::-1] if lying else size
    left, right = _nearest(crop.left * width), _nearest(crop.right * width)
    top, bottom = _nearest(crop.top * height), _nearest(crop.bottom * height)
    if left == right or top == bottom:
        raise ImageError("crop_invalid", "The chosen part is smaller than a pixel.")
    if orientation in (2, 3, 6, 7):
        left, right = width - right, width - left
    if orientation in (3, 4, 7, 8):
        top, bottom = height - bottom, height - top
    return (top, left, bottom, right) if lying else (left, top, right, bottom)


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)  # round() goes to the even one, and so would lose some single pixels


def _draft(image: JpegImageFile, box: _Box, target_side: int) -> _Box:
    """Has the JPEG decoded at a half, a quarter or an eighth while the box stays large enough; the box there."""
    (width, height), (left, top, right, bottom) = image.size, box
    side = min(right - left, bottom - top)
    scale = next((scale for scale in (8, 4, 2) if side >= scale * target_side), 1)
    image.draft(None, (width // scale, height // scale))
    return (
        _nearest(left / scale),
        _nearest(top / scale),
        image.width if right == width else _nearest(right / scale),
        image.height if bottom == height else _nearest(bottom / scale),
    )


def _plugin_for(data: bytes) -> Callable[[io.BytesIO], ImageFile]:
    # Chosen by the first bytes alone: no other of Pillow's sixty-odd decoders ever sees the data.
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GifImageFile
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP" and features.check("webp"):
        return WebPImageFile
    if data.startswith(b"BM"):
        return BmpImageFile
    if data.startswith((b"II*\0", b"MM\0*")):
        return TiffImageFile
    if data[4:8] == b"ftyp" and b"avi" in data[8:64] and features.check("avif"):
        return AvifImageFile
    raise ImageError(
        "image_format_unsupported", "This is not a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF picture."
    )


def _check_header(image: ImageFile, data: bytes, limits: ImageLimits) -> None:
    width, height = image.size
    if max(width, height) > limits.max_side:
        raise ImageError("image_side_too_long", f"A side is longer than {limits.max_side} pixels.")
    # libwebp and libavif hold the whole picture several times over while they decode.
    weight = 2 if isinstance(image, WebPImageFile | AvifImageFile) else 1
    if width * height * weight > limits.max_pixels:
        raise _too_many_pixels(limits, weight)
    if _declared_frames(image) > limits.max_frames:
        raise ImageError("image_too_many_frames", f"It has more than {limits.max_frames} frames.")
    if isinstance(image, JpegImageFile) and _scans(data) > limits.max_scans:
        # Each scan of a progressive JPEG may be a few bytes long and still visit every pixel.
        raise ImageError("image_too_complex", f"The JPEG has more than {limits.max_scans} scans.")
    if isinstance(image, TiffImageFile):
        _check_tiles(image)
    if isinstance(image, AvifImageFile) and coded_pixels(data) > 3 * max(width * height, _SMALL):
        raise ImageError("image_damaged", "The AVIF holds larger pictures than it announces.")


def _scans(data: bytes) -> int:
    octets = np.frombuffer(data, np.uint8)  # bytes.count takes seven times as long, a twentieth of the whole
    return int(np.count_nonzero((octets[:-1] == 0xFF) & (octets[1:] == 0xDA)))


def _declared_frames(image: ImageFile) -> int:
    # To count the frames of a GIF or TIFF is to walk the whole file: a million frames, many seconds.
    walked = isinstance(image, GifImageFile | TiffImageFile)
    return 1 if walked else int(getattr(image, "n_frames", 1))


def _check_tiles(image: TiffImageFile) -> None:
    tile = image.tag_v2.get(322, 0) * image.tag_v2.get(323, 0)
    if tile > max(_SMALL, image.width * image.height):
        raise ImageError("image_too_complex", "The TIFF has tiles larger than the picture itself.")


def _too_many_pixels(limits: ImageLimits, weight: int = 1) -> ImageError:
    return ImageError(
        "image_too_many_pixels", f"It has more than {limits.max_pixels / weight / 1e6:g} megapixels."
    )


def _orientation(image: ImageFile) -> int:
    # Read after loading, when Pillow has already turned TIFFs itself and met the EXIF at the end of a PNG; JPEGs
    # have it in front. A broken EXIF block does not spoil a picture.
    with suppress(Exception):
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _reduced(image: Image.Image, target_side: int | None) -> Image.Image:
    factor = max(1, min(image.size) // target_side) if target_side else 1
    size = (-(-image.width // factor), -(-image.height // factor))
    pieces = ((top // factor, piece.reduce(factor)) for top, piece in flat_pieces(image, factor))
    first = next(pieces)
    if first[1].size == size:
        return first[1]
    canvas = Image.new(first[1].mode, size)
    for top, piece in chain([first], pieces):
        canvas.paste(piece, (0, top))
    return canvas
