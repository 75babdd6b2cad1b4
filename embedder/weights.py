"""From a wish ("auto", a release, a path) to a network with weights in it."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from torch import hub, nn

from .backbones import INPUT_SIZE, V1_RESIZE, Backbone, Release, backbone_named
from .cards import read_card
from .config import EmbedderConfig
from .download import Progress, download, file_matches
from .errors import ConfigError, DownloadFailed, WeightsError, WeightsMismatch, WeightsMissing
from .statedict import State, network_with, read_state, state_sha256
from .untrained import untrained_state

logger = logging.getLogger("embedder")

SIZE_STEP = 16
LARGEST_RESIZE = 1_024

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
    """A picture's shorter side is brought to `resize` pixels; the square of `input_size` in its middle is looked at."""

    weights: ResolvedWeights
    backbone: Backbone
    network: nn.Module
    resize: int
    input_size: int = INPUT_SIZE


def load_weights(
    backbone: Backbone, config: EmbedderConfig, on_download: Progress | None = None
) -> LoadedWeights:
    cache_dir = _cache_dir(config)
    match config.weights:
        case "auto":
            return _best_available(backbone, cache_dir, on_download)
        case "untrained":
            return _untrained(backbone)
        case "imagenet-v1" | "imagenet-v2" as release:
            return _published(backbone, release, cache_dir, on_download)
        case path:
            return _from_file(backbone, Path(path))


def weights_at_hand(config: EmbedderConfig) -> list[str]:
    """By name, what can be loaded without asking anybody for it."""
    sources = backbone_named(config.backbone).sources
    cached = [
        release for release, source in sources.items() if (_cache_dir(config) / source.filename).is_file()
    ]
    return [*cached, "untrained"]


def _cache_dir(config: EmbedderConfig) -> Path:
    return config.cache_dir or Path(hub.get_dir()) / "checkpoints"


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
    return _loaded(read_state(path), backbone, str(path), release, source.resize)


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
    resize, input_size = _sizes(path)
    return _loaded(state, backbone.of(state), str(path), "file", resize, input_size)


def _sizes(path: Path) -> tuple[int, int]:
    """What was trained on small pictures says so on its card, for on larger ones it is worse and slower."""
    card = read_card(path)
    resize, size = card.get("resize", V1_RESIZE), card.get("input_size", INPUT_SIZE)
    whole = isinstance(resize, int) and isinstance(size, int)
    if not whole or size % SIZE_STEP or not SIZE_STEP <= size <= resize <= LARGEST_RESIZE:
        raise WeightsMismatch(f"{path} wants pictures of {str(size)[:20]} of {str(resize)[:20]} pixels.")
    return resize, size


def _untrained(backbone: Backbone) -> LoadedWeights:
    return _loaded(untrained_state(backbone), backbone, "the drawn state", "untrained", V1_RESIZE)


def _loaded(
    state: State,
    backbone: Backbone,
    origin: str,
    kind: Literal["imagenet-v1", "imagenet-v2", "file", "untrained"],
    resize: int,
    input_size: int = INPUT_SIZE,
) -> LoadedWeights:
    network = network_with(state, backbone, origin)
    weights = ResolvedWeights(kind, state_sha256(network), trained=kind != "untrained")
    return LoadedWeights(weights, backbone, network, resize, input_size)
