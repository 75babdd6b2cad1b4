"""How fast are vectors made? This embedder beside eager PyTorch, ONNX Runtime and OpenVINO, on the same pictures
with the same weights: `make bench-embed`, or `python -m benchmarks.embed --help`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from rich.console import Console

from benchmarks.machine import machine_here

from .figures import NAMES, Results, Standing, targets
from .inputs import lay_out_network, lay_out_pictures
from .report import draw, from_json, show, stem, to_json
from .rounds import Benchmark

_PACKAGES = ("torch", "torchvision", "onnxruntime", "openvino", "numpy", "pillow")

console = Console()


def main() -> int:
    options = _options()
    results = from_json(options.redraw.read_text()) if options.redraw else _measured(options)
    options.results.mkdir(parents=True, exist_ok=True)
    path = options.results / stem(results.machine)
    path.with_suffix(".json").write_text(to_json(results) + "\n")
    draw(results, path.with_suffix(".png"))
    show(results, console)
    console.print(f"Written to {path}.json and .png", markup=False, soft_wrap=True)
    if any(standing.failed for standing in results.contenders.values()):
        return 1
    return int(options.check and any(target.failed for target in targets(results)))


def _measured(options: argparse.Namespace) -> Results:
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    settings = {
        "rounds": options.rounds,
        "seconds": options.seconds,
        "warm_starts": options.warm_starts,
        "pictures": "a folder" if options.images else "drawn",
    }
    date = datetime.now(UTC).isoformat(timespec="seconds")
    contenders = {contender: Standing(name) for contender, name in NAMES.items()}
    gpu = torch.cuda.get_device_name() if device == "cuda" else None
    here = machine_here(_PACKAGES)
    machine = {"device": device, "gpu": gpu, **here, "amx": "amx_bf16" in here["flags"]}
    results = Results(date, machine, settings, contenders)
    with TemporaryDirectory() as name:
        folder = Path(name)
        lay_out_pictures(options.images, folder)
        console.print("Exporting the network")
        lay_out_network(folder)
        benchmark = Benchmark(folder, results, console)
        try:
            benchmark.start(options.warm_starts)
            benchmark.compare()
            for number in range(options.rounds):
                console.print(f"Round {number + 1} of {options.rounds}")
                results.rounds.append(benchmark.measure(number, options.seconds))
        finally:
            benchmark.close()
    return results


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement in each round")
    parser.add_argument("--warm-starts", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a smoke test: 2 rounds of 0.3 s, 1 warm start")
    parser.add_argument("--device", choices=["cpu", "cuda"], help="default: CUDA where there is one")
    parser.add_argument("--images", type=Path, metavar="FOLDER", help="pictures to use instead of drawn ones")
    parser.add_argument("--results", type=Path, metavar="FOLDER", default=Path("benchmarks/results"))
    parser.add_argument("--redraw", type=Path, metavar="JSON", help="report these results, measure nothing")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 if a target that applies is not met"
    )
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.warm_starts = 2, 0.3, 1
    if min(options.rounds, options.warm_starts) < 1 or options.seconds <= 0:
        parser.error("rounds, seconds and warm starts must be more than none")
    return options


if __name__ == "__main__":
    sys.exit(main())
