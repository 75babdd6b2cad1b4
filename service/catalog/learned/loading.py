"""From a fingerprint to the embedder that has it, as far as the settings leave open which one that is.

Nothing is guessed: whatever is tried, what it is in the end is said by its own fingerprint.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TypeAlias

from embedder import Embedder, EmbedderConfig, WeightsError, WeightsMismatch, weights_at_hand
from embedder.backbones import backbone_named
from embedder.fits import read_fit
from service.catalog.learned.naming import is_learned, kind_of
from service.catalog.learned.shelf import Shelf

log = logging.getLogger(__name__)

OnDownload: TypeAlias = Callable[[int, int | None], None] | None


def load_embedder(
    config: EmbedderConfig, shelf: Shelf, live: str | None, on_download: OnDownload = None
) -> Embedder:
    """The one that made the generation with this fingerprint; if it cannot be had, what the settings say themselves."""
    if live is not None and not live.startswith(f"{config.backbone}."):
        live = None
    for candidate in _with_learned(config, shelf, live):
        if found := _if_it_is(live, candidate, on_download):
            log.info(
                "Embedding with what the catalogue was built with: %s.", ", ".join(learned_files(candidate))
            )
            return found
    own = Embedder.load(config, on_download)
    if live is None or own.fingerprint == live or config.weights != "auto":
        return own
    return _other_at_hand(config, own, live) or own


def load_successor(
    config: EmbedderConfig, shelf: Shelf, live: str, on_download: OnDownload = None
) -> Embedder:
    """What a catalogue is to be embedded with from now on. What was learned stays until something else is named."""
    return load_embedder(config, shelf, live if shelf.needed_by(live) else None, on_download)


def load_for_fit(config: EmbedderConfig, fit: Path, shelf: Shelf, on_download: OnDownload = None) -> Embedder:
    """With the weights that the fit was made on, where the settings leave them open."""
    config = replace(config, fit=fit)
    wanted = read_fit(fit, backbone_named(config.backbone)).weights
    named = shelf.needed_by(f"weights-{wanted[:8]}")
    for weights in _weights(config, named):
        try:
            return Embedder.load(replace(config, weights=weights), on_download)
        except WeightsMismatch as error:
            mismatch = error
    raise mismatch


def learned_files(config: EmbedderConfig) -> list[str]:
    """What of it is from the shelf."""
    names = [Path(config.weights).name, config.fit.name if config.fit else ""]
    return [name for name in names if is_learned(name)]


def _with_learned(config: EmbedderConfig, shelf: Shelf, live: str | None) -> list[EmbedderConfig]:
    """What the fingerprint names, of what is on the shelf; a fit may be on top of weights that are not."""
    kept = [] if live is None else shelf.needed_by(live)
    fits = [] if config.fit else [file for file in kept if kind_of(file.name) == "fit"]
    named = [file for file in kept if kind_of(file.name) == "weights"] if config.weights == "auto" else []
    for file in (*fits, *named):
        shelf.check(file)
    if fits:
        pairs = product(fits, _weights(config, named))
        return [replace(config, fit=fit, weights=weights) for fit, weights in pairs]
    return [replace(config, weights=str(file)) for file in named]


def _weights(config: EmbedderConfig, named: list[Path]) -> list[str]:
    if config.weights != "auto":
        return [config.weights]
    return [*map(str, named), "auto", *weights_at_hand(config)]


def _if_it_is(live: str | None, config: EmbedderConfig, on_download: OnDownload = None) -> Embedder | None:
    try:
        embedder = Embedder.load(config, on_download)
    except WeightsError:
        return None
    if embedder.fingerprint == live:
        return embedder
    embedder.close()
    return None


def _other_at_hand(config: EmbedderConfig, own: Embedder, live: str) -> Embedder | None:
    for weights in weights_at_hand(config):
        if weights != own.weights.kind and (found := _if_it_is(live, replace(config, weights=weights))):
            own.close()
            if own.weights.trained and not found.weights.trained:
                log.warning(
                    "The catalogue was built with untrained weights, and %s are here: `vizinho reembed` takes them.",
                    own.weights.kind,
                )
            return found
    return None
