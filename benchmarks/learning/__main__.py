"""What a catalogue's own labels are worth: the whole way by the product's own commands, `ingest`, `evaluate`, `train`,
`reembed`, `evaluate`, on a catalogue of one's own or on the drawn one: `python -m benchmarks.learning [CATALOGUE]`.

A third of the products, chosen by their ids, is never learned from, and measured on.
"""

import argparse
import json
import shlex
import shutil
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.machine import machine_here
from benchmarks.saving import save
from service.catalog.quality.markdown import CHART
from service.catalog.sample import draw_catalogue

from .recipe import Recipe, Result

_PACKAGES = ("torch", "torchvision", "numpy", "pillow", "qdrant-client")

console = Console()


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        catalogue = options.catalogue or _drawn(room / "catalogue")
        recipe = Recipe(catalogue, room / "data", options.labels, shlex.split(options.train), console)
        result = recipe.run(options.work or room / "work")
        _keep(options, result)
    return 0


def _drawn(folder: Path) -> Path:
    draw_catalogue(folder, seed=7)
    return folder


def _keep(options: argparse.Namespace, result: Result) -> None:
    if options.results is None:
        return
    name = f"learning-{options.catalogue.resolve().name if options.catalogue else 'sample'}"
    told = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine_here(_PACKAGES)}
    save(options.results, name, json.dumps(told | asdict(result.figures), indent=1, allow_nan=False), console)
    # The chart alone: the other sheets show the goods of whoever's catalogue it is.
    shutil.copyfile(result.report / CHART, options.results / f"{name}-{CHART}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("catalogue", type=Path, nargs="?", help="without one, the sample catalogue is drawn")
    parser.add_argument(
        "--labels", default="baseColour=1.15", help="for `train`: to learn, beside the category"
    )
    parser.add_argument("--train", default="", metavar="WORDS", help="for `train`: --train='--epochs 12'")
    parser.add_argument(
        "--work", type=Path, metavar="FOLDER", help="keep there what is made, and go on there"
    )
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="write JSON and pictures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
