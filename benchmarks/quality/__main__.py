"""How good are the matches? Counts them on a catalogue whose products have labels (`styles.csv` and `images/`), or on
the sample catalogue: `python -m benchmarks.quality FOLDER [--sample]`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.machine import machine_here
from benchmarks.saving import save
from embedder import Embedder, EmbedderConfig
from service.catalog.sample import draw_catalogue

from .catalogue import labels_of, records_in, vectors_of
from .figures import LEVELS, Results, best_match, precision, targets
from .report import show, to_json

_PACKAGES = ("torch", "torchvision", "numpy", "pillow")
_PRECISION = (("articleType", ""), ("baseColour", ""), ("baseColour", "articleType"))

console = Console()


def main() -> int:
    options = _options()
    if options.sample:
        draw_catalogue(options.folder, seed=options.seed)
    results = _measured(options)
    show(results, console)
    if options.results:
        save(options.results, f"quality-{_name(options)}", to_json(results), console)
    return int(options.check and any(target.failed for target in targets(results)))


def _name(options: argparse.Namespace) -> str:
    return f"sample-{options.seed}" if options.sample else str(options.folder.resolve().name)


def _measured(options: argparse.Namespace) -> Results:
    embedder = Embedder.load(
        EmbedderConfig(weights=options.weights, precision=options.precision, compilation="cached")
    )
    records = records_in(options.folder, options.limit)
    labels = labels_of(records)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Embedding", total=len(records))
        vectors = vectors_of(embedder, records, lambda done, _: bar.update(task, completed=done))
    return Results(
        datetime.now(UTC).isoformat(timespec="seconds"),
        machine_here(_PACKAGES),
        {"catalogue": _name(options), "limit": options.limit},
        {
            "fingerprint": embedder.fingerprint,
            "weights": embedder.weights.kind,
            "precision": embedder.precision,
        },
        len(records),
        [best_match(vectors, labels, level) for level in LEVELS] if labels and labels[0]["pattern"] else [],
        [precision(vectors, labels, label, inside) for label, inside in _PRECISION],
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("folder", type=Path, help="of a catalogue, or for the sample catalogue")
    parser.add_argument("--sample", action="store_true", help="draw the sample catalogue there first")
    parser.add_argument("--seed", type=int, default=7, help="of the sample catalogue")
    parser.add_argument("--limit", type=int, metavar="N", help="no more than N products, taken at random")
    parser.add_argument("--weights", default="untrained", help="as in VIZINHO_WEIGHTS")
    parser.add_argument("--precision", default="auto", help="as in VIZINHO_PRECISION")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="write JSON there")
    parser.add_argument("--check", action="store_true", help="exit with 1 if the target is missed")
    options = parser.parse_args()
    if options.limit is not None and options.limit < 2:
        parser.error("a limit of fewer than two products leaves nothing to match")
    return options


if __name__ == "__main__":
    sys.exit(main())
