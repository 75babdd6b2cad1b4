import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import hub

from .artefacts import Artefacts, Recipe
from .backbones import MEAN, STD, backbone_named
from .compilation import Compilation
from .config import Compilation as Compiling
from .config import Distance, EmbedderConfig
from .download import Progress
from .errors import DeviceError
from .fits import Fit, Pooling, is_linear, read_fit
from .images import Area, central_box, resize_and_crop
from .lanes import Lanes, usable_cores, without_a_team
from .native import NativeGraph
from .pooled import POOL
from .pooler import Pooler
from .regions import REGION, RegionGraph, Regions
from .runtime import FeatureGraph, choose_device, choose_precision
from .weights import LoadedWeights, load_weights

T = TypeVar("T")

# Larger batches gain nothing on a CPU and push the activations out of its caches. There is no padding: a piece of
# three is three single pictures, which are nearly as fast.
_COMPILED_BATCHES = (4, 1)
_LARGEST_BATCH = {"cpu": max(_COMPILED_BATCHES), "cuda": 64}
_CUDA_LANES = 2  # while one batch is computed, the next one is stacked and pinned


class Embedder:
    """Pictures to vectors. One instance serves any number of threads."""

    def __init__(self, config: EmbedderConfig, loaded: LoadedWeights, fit: Fit | None = None) -> None:
        self.backbone = backbone = loaded.backbone
        self._device = choose_device(config.device)
        self.config = config
        self.fit = fit
        self.dim = fit.dim if fit else backbone.dim
        self.input_size = loaded.input_size
        self.weights = loaded.weights
        self.device = str(self._device)
        self.precision = choose_precision(config.precision, self._device)
        self.fingerprint = _fingerprint(loaded, config.distance, fit)
        self.largest_batch = _LARGEST_BATCH[self._device.type]
        self._resize = loaded.resize
        self._graph = FeatureGraph(
            loaded.network, self._device, self.precision, fit, input_size=loaded.input_size
        )
        self.regions_add_up = backbone.pooling == POOL and (fit is None or is_linear(fit.pooling))
        self._compiled: dict[int, NativeGraph] = {}
        on_cpu = self._device.type == "cpu"
        self._lanes = Lanes.on_cores(config.threads or usable_cores()) if on_cpu else Lanes(_CUDA_LANES)
        # What is compiled is called in a way that is only known on Linux, and only for processors.
        self.compilation: Compiling = config.compilation if on_cpu and sys.platform == "linux" else "off"
        self._compilation = self._compile() if self.compilation != "off" else None

    @classmethod
    def load(cls, config: EmbedderConfig, on_download: Progress | None = None) -> Self:
        """`on_download` is told (bytes so far, bytes in all if known)."""
        backbone = backbone_named(config.backbone)
        choose_device(config.device)  # before a long download, not after it
        fit = read_fit(config.fit, backbone) if config.fit else None
        with without_a_team():
            loaded = load_weights(backbone, config, on_download)
            if fit:
                fit.check(loaded.weights.sha256, loaded.input_size)
            return cls(config, loaded, fit)

    @cached_property
    def _region_graph(self) -> RegionGraph:
        """Shares the weights; made for who asks first, since most never do."""
        return RegionGraph(self._graph, self._device, self.precision)

    @property
    def lanes(self) -> int:
        """How many batches are worth being given at once."""
        return self._lanes.count

    @property
    def runtime(self) -> Literal["compiled", "eager"]:
        return "compiled" if self._compiled else "eager"

    def settle(self, timeout_s: float | None = None) -> Literal["compiled", "eager"]:
        """Waits for a compilation in the background to succeed or fail."""
        if self._compilation:
            self._compilation.wait(timeout_s)
        return self.runtime

    def close(self) -> None:
        """Finishes what was submitted and gives up what is being compiled."""
        if self._compilation:
            self._compilation.stop()
        self._lanes.close()

    def prepare(self, image: Image.Image) -> NDArray[np.uint8]:
        return resize_and_crop(image.convert("RGB"), self._resize, self.input_size)

    def seen(self, size: tuple[int, int]) -> Area:
        """The part of a picture of this size that is looked at, in fractions of it."""
        left, top, right, bottom = central_box(size, self._resize, self.input_size)
        return Area(left / size[0], top / size[1], right / size[0], bottom / size[1])

    def regions_on(self, size: tuple[int, int]) -> Area:
        """Where the grid of regions lies on such a picture. A region is put where its middle is, and so the first ones
        reach beyond what is seen, and may reach beyond the picture."""
        seen, side = self.seen(size), self.input_size
        before = (self._region_graph.first_middle - REGION / 2) / side
        across, down = seen.right - seen.left, seen.bottom - seen.top
        left, top = seen.left + before * across, seen.top + before * down
        reach = -(-side // REGION) * REGION / side
        return Area(left, top, left + reach * across, top + reach * down)

    def embed(self, pixels: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        vectors = np.empty((len(pixels), self.dim), dtype=np.float32)
        share = min(self.largest_batch, -(-len(pixels) // self.lanes)) or 1
        starts = range(0, len(pixels), share)
        for start, part in [(start, self.submit(pixels[start : start + share])) for start in starts]:
            vectors[start : start + share] = part.result()
        return vectors

    def submit(self, pixels: Sequence[NDArray[np.uint8]]) -> Future[NDArray[np.float32]]:
        """One piece of work for one lane; whatever goes wrong with it is in the future."""
        return self._lanes.submit(lambda: self._vectors(pixels), alone_may_widen=len(pixels) == 1)

    def submit_regions(self, pixels: Sequence[NDArray[np.uint8]]) -> Future[Regions]:
        """Eagerly, for what is compiled gives vectors only. Where `regions_add_up`, a vector is its map's mean."""
        return self._lanes.submit(lambda: self._forward(self._stacked(pixels), self._region_graph))

    def pooler(self, poolings: Sequence[Pooling]) -> Pooler:
        return Pooler(self._graph, poolings)

    def submit_pooled(
        self, pixels: Sequence[NDArray[np.uint8]], pooler: Pooler
    ) -> Future[list[NDArray[np.float32]]]:
        """Eagerly, for each pooling what a fit would be learned from."""
        return self._lanes.submit(lambda: self._forward(self._stacked(pixels), pooler))

    def _vectors(self, pixels: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        features = self._features(self._stacked(pixels))
        if self.config.distance == "cosine":
            features /= np.maximum(np.linalg.norm(features, axis=1, keepdims=True), np.float32(1e-12))
        return features

    def _stacked(self, pixels: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        for picture in pixels:
            if picture.shape != self._graph.picture_shape or picture.dtype != np.uint8:
                raise ValueError(
                    f"Pixels are {picture.dtype}{picture.shape}, not uint8{self._graph.picture_shape}."
                )
        return np.stack(pixels)

    def _features(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        compiled, parts, start = self._compiled, [], 0
        if not compiled:
            return self._eagerly(batch)
        while start < len(batch):
            size = next(size for size in compiled if size <= len(batch) - start)
            parts.append(compiled[size](batch[start : start + size]))
            start += size
        return np.concatenate(parts)

    def _eagerly(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._forward(batch, lambda pixels: self._graph(pixels).cpu().numpy())

    def _forward(self, batch: NDArray[np.uint8], compute: Callable[[torch.Tensor], T]) -> T:
        pixels = torch.from_numpy(batch)
        try:
            with torch.inference_mode():
                if self._device.type == "cuda":
                    pixels = pixels.pin_memory().to(self._device, non_blocking=True)
                return compute(pixels)
        except RuntimeError as error:
            raise DeviceError(f"The forward pass failed on {self.device}.") from error

    def _compile(self) -> Compilation:
        cache_dir = self.config.cache_dir or Path(hub.get_dir())
        recipe = Recipe.here(
            self.backbone.name,
            self.weights.sha256,
            self.precision,
            _COMPILED_BATCHES,
            self._lanes.threads_each,
            input_size=self.input_size,
            fit=self.fit.digest if self.fit else "",
        )
        compilation = Compilation(Artefacts(cache_dir / "compiled"), recipe, self._use)
        if not compilation.find() and self.compilation == "background":
            compilation.begin(self._graph)
        return compilation

    def _use(self, libraries: dict[int, Path]) -> None:
        callers = self._lanes.count + 1
        self._compiled = {
            batch: NativeGraph(library, batch, self.dim, callers=callers)
            for batch, library in libraries.items()
        }
        self._lanes.forget_pace()


def _fingerprint(loaded: LoadedWeights, distance: Distance, fit: Fit | None = None) -> str:
    """Equal exactly when vectors may be compared. The name of the weights' origin stays out: a copy of a published
    file is the same weights. Device, precision and batch size stay out: they change digits, not neighbours."""
    backbone = loaded.backbone
    normalisation = "unit" if distance == "cosine" else "raw"
    recipe = {
        "backbone": backbone.name,
        "weights": loaded.weights.sha256,
        "input": loaded.input_size,
        "resize": f"shorter side {loaded.resize}, antialiased bilinear, centre crop",
        "colour": {"mean": MEAN, "std": STD, "space": "sRGB on white"},
        "pooling": [asdict(pool) for pool in fit.pooling] if fit else backbone.pooling,
        "post_processing": fit.digest if fit else "none",
        "normalisation": normalisation,
    }
    canonical = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    fitted = f"fit-{fit.digest[:8]}-{fit.dim}." if fit else ""
    return f"{backbone.name}.weights-{loaded.weights.sha256[:8]}.{loaded.input_size}.{fitted}{normalisation}.{digest}"
