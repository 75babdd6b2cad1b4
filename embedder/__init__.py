"""Images in, vectors out.

embedder = Embedder.load(EmbedderConfig())
pixels = embedder.prepare(read_image(data))
vectors = embedder.embed([pixels])
"""

from .axes import SHRINKAGE
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
from .fits import Fit
from .fitting import Candidate, Features, Fitter
from .images import Area, CropBox, ImageLimits, read_image, resize_and_crop
from .regions import Regions
from .weights import ResolvedWeights, weights_at_hand

__all__ = [
    "SHRINKAGE",
    "Area",
    "Candidate",
    "ConfigError",
    "CropBox",
    "DeviceError",
    "DeviceUnavailable",
    "DownloadFailed",
    "Embedder",
    "EmbedderClosed",
    "EmbedderConfig",
    "EmbedderError",
    "Features",
    "Fit",
    "Fitter",
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
    "weights_at_hand",
]
