"""A model that is to go live: what it is made of is on the shelf before anything is embedded with it."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from embedder import Embedder, EmbedderConfig
from service.catalog.learned.loading import OnDownload, load_for_fit, load_successor
from service.catalog.learned.naming import Kind, part_in
from service.catalog.learned.shelf import Shelf, Taken

RELEASES = ("imagenet-v1", "imagenet-v2", "untrained")


@dataclass(frozen=True, slots=True)
class Model:
    """What was named for it. Without anything named, a catalogue goes on with what it has learned."""

    weights: str | None = None
    fit: Path | None = None


def load_shelved(
    model: Model, config: EmbedderConfig, shelf: Shelf, live: str, on_download: OnDownload = None
) -> Embedder:
    """Loaded from the very copies that are kept: a file may change after it was read."""
    with ExitStack() as taking:
        copies: dict[Kind, Taken] = {}
        if model.weights is not None and model.weights not in RELEASES:
            copies["weights"] = taking.enter_context(shelf.taking(Path(model.weights), "weights"))
            model = replace(model, weights=str(copies["weights"].path))
        if model.fit is not None:
            copies["fit"] = taking.enter_context(shelf.taking(model.fit, "fit"))
            model = replace(model, fit=copies["fit"].path)
        embedder = _loaded(model, config, shelf, live, on_download)
        try:
            for kind, copy in copies.items():
                shelf.keep(copy, part_in(embedder.fingerprint, kind))
        except BaseException:
            embedder.close()
            raise
        return embedder


def _loaded(
    model: Model, config: EmbedderConfig, shelf: Shelf, live: str, on_download: OnDownload
) -> Embedder:
    if model.weights is not None:
        named = replace(config, weights=model.weights, fit=model.fit or config.fit)
        return Embedder.load(named, on_download)
    if model.fit is not None:
        return load_for_fit(config, model.fit, shelf, on_download)
    return load_successor(config, shelf, live, on_download)
