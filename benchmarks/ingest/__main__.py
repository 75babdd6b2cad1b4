"""How much of the embedder's speed is left when a whole catalogue is taken in, and does memory stay flat?
`make bench-ingest CATALOGUE=FOLDER`, or `python -m benchmarks.ingest --help`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.machine import machine_here
from benchmarks.saving import save

from .catalogue import lay_out
from .figures import Results, Round, Size, targets
from .report import from_json, show, to_json
from .running import ingested, own_rate

_PACKAGES = ("torch", "torchvision", "pillow", "qdrant-edge-py", "obstore")

console = Console()


def main() -> int:
    options = _options()
    results = from_json(options.redraw.read_text()) if options.redraw else _measured(options)
    show(results, console)
    if options.results:
        save(options.results, f"ingest-{results.part}", to_json(results), console)
    return int(options.check and any(target.failed for target in targets(results)))


def _measured(options: argparse.Namespace) -> Results:
    settings = {"products": options.products, "memory_backbone": options.memory_backbone}
    date = datetime.now(UTC).isoformat(timespec="seconds")
    results = Results(date, machine_here(_PACKAGES), settings)
    with TemporaryDirectory() as name:
        folder = Path(name)
        catalogue = lay_out(options.catalogue, folder / "catalogue", options.products)
        for number in range(options.rounds):
            console.print(f"Round {number + 1} of {options.rounds}")
            before = own_rate(catalogue)
            run = ingested(catalogue, folder / f"round {number}")
            results.rounds.append(Round((before + own_rate(catalogue)) / 2, run))
        for products in options.sizes:
            console.print(f"{products:,} images")
            larger = lay_out(options.catalogue, folder / f"{products}", products)
            run = ingested(larger, folder / f"data {products}", VIZINHO_BACKBONE=options.memory_backbone)
            results.sizes.append(Size(products, run))
    return results


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("catalogue", type=Path, nargs="?", help="a folder with images, of any layout")
    parser.add_argument(
        "--products", type=int, default=3_000, help="in each round; images come again if needed"
    )
    parser.add_argument("--rounds", type=int, default=2, help="0 leaves the rate out")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--memory-backbone",
        default="mobilenet_v3_large",
        help="for the sizes: what is measured is not its speed",
    )
    parser.add_argument("--results", type=Path, metavar="FOLDER")
    parser.add_argument("--redraw", type=Path, metavar="JSON", help="report these results, measure nothing")
    parser.add_argument("--check", action="store_true", help="exit status 1 where a target was missed")
    options = parser.parse_args()
    if options.catalogue is None and options.redraw is None:
        parser.error("a folder with images is needed")
    return options


if __name__ == "__main__":
    sys.exit(main())
