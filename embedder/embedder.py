import hashlib
import json
from collections.abc import Sequence
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from .backbones import INPUT_SIZE, MEAN, STD, Backbone, backbone_named
from .config import Distance, EmbedderConfig
from .download import Progress
from .errors import DeviceError
from .images import resize_and_crop
from .runtime import FeatureGraph, choose_device, choose_precision
from .weights import LoadedWeights, load_weights

# Larger batches gain nothing on a CPU and push the activations out of its caches.
_BATCH = {"cpu": 8, "cuda": 64}


class Embedder:
    """Pictures to vectors. One instance serves any number of threads."""

    def __init__(self, config: EmbedderConfig, backbone: Backbone, loaded: LoadedWeights) -> None:
        device = choose_device(config.device)
        self.config = config
        self.dim = backbone.dim
        self.input_size = INPUT_SIZE
        self.weights = loaded.weights
        self.device = str(device)
        self.precision = choose_precision(config.precision, device)
        self.fingerprint = _fingerprint(backbone, loaded, config.distance)
        self._resize = loaded.resize
        self._device = device
        self._graph = FeatureGraph(
            loaded.network, device, self.precision, unit_length=config.distance == "cosine"
        )

    @classmethod
    def load(cls, config: EmbedderConfig, on_download: Progress | None = None) -> Self:
        """`on_download` is told (bytes so far, bytes in all if known). `config.threads` holds for all of torch."""
        backbone = backbone_named(config.backbone)
        choose_device(config.device)  # before a long download, not after it
        if config.threads is not None:
            torch.set_num_threads(config.threads)
        return cls(config, backbone, load_weights(backbone, config, on_download))

    def prepare(self, image: Image.Image) -> NDArray[np.uint8]:
        return resize_and_crop(image.convert("RGB"), self._resize, self.input_size)

    def embed(self, pixels: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        vectors = np.empty((len(pixels), self.dim), dtype=np.float32)
        step = _BATCH[self._device.type]
        for start in range(0, len(pixels), step):
            vectors[start : start + step] = self._forward(self._stacked(pixels[start : start + step]))
        return vectors

    def _stacked(self, pixels: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        expected = (self.input_size, self.input_size, 3)
        for picture in pixels:
            if picture.shape != expected or picture.dtype != np.uint8:
                raise ValueError(f"Pixels are {picture.dtype}{picture.shape}, not uint8{expected}.")
        return np.stack(pixels)

    def _forward(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        try:
            with torch.inference_mode():
                vectors: NDArray[np.float32] = (
                    self._graph(torch.from_numpy(batch).to(self._device)).cpu().numpy()
                )
        except RuntimeError as error:
            raise DeviceError(f"The forward pass failed on {self.device}.") from error
        return vectors


def _fingerprint(backbone: Backbone, loaded: LoadedWeights, distance: Distance) -> str:
    """Equal exactly when vectors may be compared. The name of the weights' origin stays out: a copy of a published
    file is the same weights. Device, precision and batch size stay out: they change digits, not neighbours."""
    normalisation = "unit" if distance == "cosine" else "raw"
    recipe = {
        "backbone": backbone.name,
        "weights": loaded.weights.sha256,
        "input": INPUT_SIZE,
        "resize": f"shorter side {loaded.resize}, antialiased bilinear, centre crop",
        "colour": {"mean": MEAN, "std": STD, "space": "sRGB on white"},
        "pooling": backbone.pooling,
        "post_processing": "none",
        "normalisation": normalisation,
    }
    canonical = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return f"{backbone.name}.weights-{loaded.weights.sha256[:8]}.{INPUT_SIZE}.{normalisation}.{digest}"
