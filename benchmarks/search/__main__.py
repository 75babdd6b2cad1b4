"""How fast is a catalogue searched, and how well? This store beside FAISS, Annoy, scikit-learn, numpy and
qdrant-client's local mode: `make bench-search`, or `python -m benchmarks.search --help`."""

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from benchmarks.machine import machine_here

from .catalogue import Catalogue, Shape, lay_out
from .chart import draw
from .figures import GROWING, NAMES, Comparison, Results, targets
from .report import from_json, show, to_json
from .rounds import Pace, compare, measure_building

PARTS = ("latency", "growth", "building")
_PACKAGES = ("qdrant-edge-py", "faiss-cpu", "annoy", "scikit-learn", "numpy", "qdrant-client")
_SIZES, _QUICK_SIZES = [10_000, 100_000, 500_000], [1_000, 12_000]

console = Console()


def main() -> int:
    options = _options()
    results = from_json(options.redraw.read_text()) if options.redraw else _measured(options)
    show(results, console)
    if options.results:
        options.results.mkdir(parents=True, exist_ok=True)
        path = options.results / "search"
        path.with_suffix(".json").write_text(to_json(results) + "\n")
        draw(results, path.with_suffix(".png"))
        console.print(f"Written to {path}.json and .png", markup=False, soft_wrap=True)
    if results.failures():
        return 1
    return int(options.check and any(target.failed for target in targets(results)))


def _measured(options: argparse.Namespace) -> Results:
    pace = Pace(options.rounds, options.questions, options.seconds)
    growth_pace = Pace(max(1, options.rounds - 2), options.questions, options.seconds)
    settings = {"pace": asdict(pace), "growth_pace": asdict(growth_pace), "data": "drawn"}
    date = datetime.now(UTC).isoformat(timespec="seconds")
    results = Results(date, machine_here(_PACKAGES), settings)
    points, dim = options.points, options.dim
    if "latency" in options.only:
        results.latency = _compared(Shape(points, dim, pace.all_questions), NAMES, pace)
    if "growth" in options.only:
        growing = {contender: NAMES[contender] for contender in GROWING}
        for size in options.sizes:
            shape = Shape(size, options.growth_dim, growth_pace.all_questions)
            results.growth.append(_compared(shape, growing, growth_pace))
    if "building" in options.only:
        with TemporaryDirectory() as folder:
            catalogue = _laid_out(Path(folder), Shape(points, dim, pace.all_questions))
            seconds = 2 * pace.seconds
            results.building = measure_building(catalogue, Path(folder) / "store", seconds, console)
    return results


def _compared(shape: Shape, contenders: dict[str, str], pace: Pace) -> Comparison:
    with TemporaryDirectory() as folder:
        catalogue = _laid_out(Path(folder), shape)
        return compare(catalogue, contenders, pace, Path(folder), console)


def _laid_out(folder: Path, shape: Shape) -> Catalogue:
    console.print(f"Drawing {shape.points:,} x {shape.dim}")
    return lay_out(folder / "catalogue", shape)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="default: all of them")
    parser.add_argument("--points", type=int, default=44_000)
    parser.add_argument("--dim", type=int, default=2048)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, help="of the growing catalogue")
    parser.add_argument("--growth-dim", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=5, help="two fewer for the growing catalogue")
    parser.add_argument("--questions", type=int, default=200, help="of each case in each round")
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="in which as many are asked as there is time for"
    )
    parser.add_argument("--quick", action="store_true", help="a smoke test: small, 2 rounds, nothing written")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="default: benchmarks/results")
    parser.add_argument("--redraw", type=Path, metavar="JSON", help="report these results, measure nothing")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 if a target that applies is not met"
    )
    options = parser.parse_args()
    if options.quick:
        # As many as this store needs to make an index, and another.
        options.points, options.dim, options.sizes, options.growth_dim = 33_000, 128, _QUICK_SIZES, 64
        options.rounds, options.questions, options.seconds = 2, 100, 0.5
    else:
        options.results = options.results or Path("benchmarks/results")
    numbers = (options.rounds, options.questions, options.points, options.dim, *options.sizes)
    if min(numbers) < 1 or options.seconds <= 0:
        parser.error("sizes, rounds, questions and seconds must be more than none")
    return options


if __name__ == "__main__":
    sys.exit(main())
