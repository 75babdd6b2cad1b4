"""Images in, vectors out.

embedder = Embedder.load(EmbedderConfig())
pixels = embedder.prepare(read_image(data))
vectors = embedder.embed([pixels])
"""

from .batching import MicroBatcher
from .compilation import cpp_compiler
from .config import EmbedderConfig
from .embedder import Embedder
from .errors import (
    ConfigError,
    DeviceError,
    DeviceUnavailable,
    DownloadFailed,
    EmbedderClosed,
    EmbedderError,
    ImageCode,
    ImageError,
    Overloaded,
    WeightsCorrupt,
    WeightsError,
    WeightsMismatch,
    WeightsMissing,
)
from .images import Area, CropBox, ImageLimits, read_image, resize_and_crop
from .regions import Regions
from .weights import ResolvedWeights

__all__ = [
    "Area",
    "ConfigError",
    "CropBox",
    "DeviceError",
    "DeviceUnavailable",
    "DownloadFailed",
    "Embedder",
    "EmbedderClosed",
    "EmbedderConfig",
    "EmbedderError",
    "ImageCode",
    "ImageError",
    "ImageLimits",
    "MicroBatcher",
    "Overloaded",
    "Regions",
    "ResolvedWeights",
    "WeightsCorrupt",
    "WeightsError",
    "WeightsMismatch",
    "WeightsMissing",
    "cpp_compiler",
    "read_image",
    "resize_and_crop",
]
