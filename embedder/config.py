import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from .errors import ConfigError

Precision = Literal["float32", "bfloat16", "float16"]
Distance = Literal["cosine", "euclid"]
Compilation = Literal["background", "cached", "off"]

_DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?")


@dataclass(frozen=True, slots=True)
class EmbedderConfig:
    """What decides an embedder; the same configuration on the same files gives comparable vectors.

    `weights` is "auto", "imagenet-v1", "imagenet-v2", "untrained" or the path of a state dict.
    `cache_dir` is where downloads and compiled graphs are kept; None means the folder that torch hub already uses.
    `fit` is a file that `fitting` made, to be applied to what the network gives.
    `threads` is how many cores to use; None means all that this process may use. `compilation` says whether a graph
    is compiled while the embedder serves without ("background"), used only where one is kept already, or not at all.
    """

    backbone: str = "resnet50"
    weights: str = "auto"
    device: str = "auto"
    precision: Literal["auto"] | Precision = "auto"
    distance: Distance = "cosine"
    cache_dir: Path | None = None
    threads: int | None = None
    compilation: Compilation = "background"
    fit: Path | None = None

    def __post_init__(self) -> None:
        if not self.weights:
            raise ConfigError("Weights must be auto, imagenet-v1, imagenet-v2, untrained or a path.")
        if not _DEVICE.fullmatch(self.device):
            raise ConfigError(f"Device {self.device!r} is not one of auto, cpu, cuda, cuda:N.")
        if self.precision not in ("auto", *get_args(Precision)):
            raise ConfigError(f"Precision {self.precision!r} is not one of auto, float32, bfloat16, float16.")
        if self.distance not in get_args(Distance):
            raise ConfigError(f"Distance {self.distance!r} is not one of cosine, euclid.")
        if self.compilation not in get_args(Compilation):
            raise ConfigError(f"Compilation {self.compilation!r} is not one of background, cached, off.")
        if self.threads is not None and self.threads < 1:
            raise ConfigError(f"Threads must be at least 1, not {self.threads}.")
