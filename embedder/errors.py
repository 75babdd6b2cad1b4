"""Everything that the embedder raises on purpose.

EmbedderError
├── ConfigError              a setting that cannot work
│   └── DeviceUnavailable    the asked-for device or precision is not on this machine
├── WeightsError             the weights, or the fit on top of them, cannot be had
│   ├── WeightsMissing       no such file
│   ├── WeightsCorrupt       a file that cannot be read, or holds numbers that are not numbers
│   ├── WeightsMismatch      a readable file, made for another architecture
│   └── DownloadFailed       no network, too slow, cut short, or not the file that was asked for
├── ImageError               a picture that is refused; `code` says why and never changes its spelling
├── Overloaded               the queue is full; `retry_after_s` says when to come back
├── DeviceError              the forward pass failed
├── CompilationFailed        logged, never raised to a caller: without it the embedder is slower, and works
└── EmbedderClosed           the embedder, or its batcher, is not open
"""

from typing import Literal

ImageCode = Literal[
    "image_empty",
    "image_too_large",
    "image_format_unsupported",
    "image_too_many_pixels",
    "image_side_too_long",
    "image_too_many_frames",
    "image_too_complex",
    "image_damaged",
    "crop_invalid",
]


class EmbedderError(Exception):
    """The root of the tree above."""


class ConfigError(EmbedderError):
    pass


class DeviceUnavailable(ConfigError):
    pass


class WeightsError(EmbedderError):
    pass


class WeightsMissing(WeightsError):
    pass


class WeightsCorrupt(WeightsError):
    pass


class WeightsMismatch(WeightsError):
    pass


class DownloadFailed(WeightsError):
    pass


class ImageError(EmbedderError):
    def __init__(self, code: ImageCode, message: str) -> None:
        super().__init__(message)
        self.code: ImageCode = code


class Overloaded(EmbedderError):
    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"The queue is full; try again in {retry_after_s:.1f} s.")
        self.retry_after_s = retry_after_s


class DeviceError(EmbedderError):
    pass


class CompilationFailed(EmbedderError):
    pass


class EmbedderClosed(EmbedderError):
    pass
