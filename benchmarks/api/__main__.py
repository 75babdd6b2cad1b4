"""How much of the embedder's speed is left behind HTTP, and what becomes of too many requests? The real service beside
two that people write: `make bench-api`, or `python -m benchmarks.api --help`."""

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.ingest.catalogue import lay_out as lay_out_catalogue
from benchmarks.ingest.running import ingested
from benchmarks.machine import machine_here
from benchmarks.processes import Process
from benchmarks.saving import save

from .figures import SIDES, Results, targets
from .overload import overload
from .pictures import lay_out
from .report import from_json, show, to_json
from .rounds import contest

PARTS = ("load", "overload")
_PACKAGES = (
    "torch",
    "fastapi",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "python-multipart",
    "qdrant-edge-py",
)

console = Console()


def main() -> int:
    options = _options()
    results = from_json(options.redraw.read_text()) if options.redraw else _measured(options)
    show(results, console)
    if options.results:
        save(options.results, "api", to_json(results), console)
    return int(options.check and any(target.failed for target in targets(results)))


def _measured(options: argparse.Namespace) -> Results:
    results = _begun(options)
    with TemporaryDirectory() as name:
        folder = Path(name)
        console.print("Laying out pictures, waiting for compiled graphs, taking a catalogue in")
        pictures = lay_out(options.catalogue, folder / "pictures")
        alone = Process("benchmarks.api.alone", [str(pictures), "background"], folder / "alone.log")
        with closing(alone):
            results.settings |= alone.start
            source = lay_out_catalogue(pictures / str(min(SIDES)), folder / "catalogue", options.products)
            ingested(source, folder / "data")
            if "load" in options.part:
                with contest(folder, pictures, alone, options.products) as running:
                    running.warm_up(min(SIDES))
                    for number in range(options.rounds):
                        console.print(f"Round {number + 1} of {options.rounds}")
                        results.rounds.append(
                            running.measure(number, options.sides, options.seconds, console)
                        )
        if "overload" in options.part:
            console.print("Overload")
            results.overload = overload(
                folder, pictures, options.products, options.overload_seconds, options.seconds / 2
            )
    return results


def _begun(options: argparse.Namespace) -> Results:
    """One part may be measured after the other: what is not measured now is kept from before."""
    date = datetime.now(UTC).isoformat(timespec="seconds")
    settings = {
        "rounds": options.rounds,
        "seconds": options.seconds,
        "products": options.products,
        "pictures": "a folder" if options.catalogue else "drawn",
    }
    results = Results(date, machine_here(_PACKAGES), settings)
    kept = options.results and options.results / "api.json"
    if kept and kept.exists() and set(options.part) != set(PARTS):
        before = from_json(kept.read_text())
        results.rounds = [] if "load" in options.part else before.rounds
        results.overload = None if "overload" in options.part else before.overload
    return results


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument(
        "catalogue", type=Path, nargs="?", help="a folder with photographs; default: drawn ones"
    )
    parser.add_argument("--part", nargs="+", choices=PARTS, default=PARTS, help="default: both")
    parser.add_argument("--sides", type=int, nargs="+", choices=SIDES, default=list(SIDES), metavar="PX")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement in each round")
    parser.add_argument("--overload-seconds", type=float, default=60.0)
    parser.add_argument("--products", type=int, default=400, help="in each service's catalogue")
    parser.add_argument("--quick", action="store_true", help="a smoke test: short, nothing written")
    parser.add_argument("--results", type=Path, metavar="FOLDER")
    parser.add_argument("--redraw", type=Path, metavar="JSON", help="report these results, measure nothing")
    parser.add_argument("--check", action="store_true", help="exit status 1 where a target was missed")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.overload_seconds, options.products = 1, 1.0, 5.0, 64
        options.results = None
    if min(options.rounds, options.products) < 1 or min(options.seconds, options.overload_seconds) <= 0:
        parser.error("rounds, seconds and products must be more than none")
    return options


if __name__ == "__main__":
    sys.exit(main())
