"""From a wish ("auto", a release, a path) to a network with weights in it."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import hub, nn

from .backbones import V1_RESIZE, Backbone, Release
from .config import EmbedderConfig
from .download import Progress, download, file_matches
from .errors import ConfigError, DownloadFailed, WeightsError, WeightsMissing
from .statedict import network_with, read_state, state_sha256
from .untrained import untrained_state

logger = logging.getLogger("embedder")

_MEND = (
    "Fetch {url} on a machine that reaches it and put it at {path}; or set the weights to the path of a state dict, "
    "or to 'untrained' to go on without any."
)


@dataclass(frozen=True, slots=True)
class ResolvedWeights:
    """`sha256` is over the tensors and not over the file: see `state_sha256`."""

    kind: Literal["imagenet-v1", "imagenet-v2", "file", "untrained"]
    sha256: str
    trained: bool


@dataclass(frozen=True, slots=True)
class LoadedWeights:
    weights: ResolvedWeights
    network: nn.Module
    resize: int


def load_weights(
    backbone: Backbone, config: EmbedderConfig, on_download: Progress | None = None
) -> LoadedWeights:
    cache_dir = config.cache_dir or Path(hub.get_dir()) / "checkpoints"
    match config.weights:
        case "auto":
            return _best_available(backbone, cache_dir, on_download)
        case "untrained":
            return _untrained(backbone)
        case "imagenet-v1" | "imagenet-v2" as release:
            return _published(backbone, release, cache_dir, on_download)
        case path:
            return _from_file(backbone, Path(path))


def _best_available(backbone: Backbone, cache_dir: Path, on_download: Progress | None) -> LoadedWeights:
    try:
        return _published(backbone, "imagenet-v1", cache_dir, on_download)
    except WeightsError as error:
        logger.warning(
            "NO TRAINED WEIGHTS: going on with untrained ones. Results will follow colour and texture, "
            "not what is in the pictures. Reason: %s",
            error,
        )
        return _untrained(backbone)


def _published(
    backbone: Backbone, release: Release, cache_dir: Path, on_download: Progress | None
) -> LoadedWeights:
    source = backbone.sources.get(release)
    if source is None:
        raise ConfigError(f"{backbone.name} has no {release} weights; it has {', '.join(backbone.sources)}.")
    path = cache_dir / source.filename
    try:
        if not _sound(path, source.sha256_prefix):
            download(source.url, path, source.sha256_prefix, on_download)
    except DownloadFailed as error:
        raise DownloadFailed(f"{error} {_MEND.format(url=source.url, path=path)}") from error
    return _loaded(network_with(read_state(path), backbone, str(path)), release, source.resize)


def _sound(path: Path, sha256_prefix: str) -> bool:
    try:
        if file_matches(path, sha256_prefix):
            return True
    except OSError:
        return False
    logger.warning("The cached weights at %s are damaged; downloading them again.", path)
    return False


def _from_file(backbone: Backbone, path: Path) -> LoadedWeights:
    try:
        state = read_state(path)
    except WeightsMissing as error:
        raise WeightsMissing(
            f"{error} Weights are auto, imagenet-v1, imagenet-v2, untrained or the path of a .pth, .pt or "
            ".safetensors file."
        ) from error
    return _loaded(network_with(state, backbone, str(path)), "file", V1_RESIZE)


def _untrained(backbone: Backbone) -> LoadedWeights:
    network = network_with(untrained_state(backbone), backbone, "the drawn state")
    return _loaded(network, "untrained", V1_RESIZE)


def _loaded(
    network: nn.Module, kind: Literal["imagenet-v1", "imagenet-v2", "file", "untrained"], resize: int
) -> LoadedWeights:
    weights = ResolvedWeights(kind, state_sha256(network), trained=kind != "untrained")
    return LoadedWeights(weights, network, resize)
