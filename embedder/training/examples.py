"""What is learned from, as pixels: decoded once, for an epoch must not wait for JPEGs."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embedder.errors import ImageError
from embedder.images import ImageLimits, read_image, resize_and_crop
from embedder.lanes import usable_cores

_AT_ONCE = 256

OnRead = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Example:
    """`read` gives the picture's bytes, and fails with an OSError or an ImageError where there are none to be had."""

    id: str
    labels: Mapping[str, str]
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Pictures:
    """`pixels` is (n, side, side, 3) uint8, in a file: it may be larger than memory."""

    examples: list[Example]
    pixels: NDArray[np.uint8]
    unreadable: list[str]


def read_pictures(
    examples: Sequence[Example], side: int, path: Path, on_read: OnRead, limits: ImageLimits | None = None
) -> Pictures:
    """Those that cannot be read are left out. The file is unlinked at once, and goes with its last reader."""
    room = np.lib.format.open_memmap(path, "w+", np.uint8, (len(examples), side, side, 3))
    path.unlink()
    good: list[Example] = []
    unreadable: list[str] = []
    with ThreadPoolExecutor(usable_cores()) as pool:
        for start in range(0, len(examples), _AT_ONCE):
            part = examples[start : start + _AT_ONCE]
            for example, pixels in zip(
                part, pool.map(lambda one: _pixels(one, side, limits), part), strict=True
            ):
                if pixels is None:
                    unreadable.append(example.id)
                else:
                    room[len(good)] = pixels
                    good.append(example)
            on_read(start + len(part), len(examples))
    return Pictures(good, room[: len(good)], unreadable)


def _pixels(example: Example, side: int, limits: ImageLimits | None) -> NDArray[np.uint8] | None:
    try:
        return resize_and_crop(read_image(example.read(), limits or ImageLimits()).convert("RGB"), side, side)
    except (OSError, ImageError):
        return None
