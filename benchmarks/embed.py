"""How fast are vectors made? This embedder beside eager PyTorch, ONNX Runtime and OpenVINO, on the same pictures
with the same weights: `make bench-embed`, or `python -m benchmarks.embed --help`."""

import argparse
import os
import platform
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageOps
from rich.console import Console

from embedder import EmbedderConfig
from embedder.backbones import backbone_named
from embedder.weights import load_weights

from .contenders import GRAPH, MEAN, PIXELS, SIDE, STATE, STD
from .figures import BASE, JPEG_SIDES, OURS, Results, Standing, targets
from .report import draw, from_json, show, stem, to_json
from .rounds import Benchmark

NAMES = {
    BASE: "eager PyTorch",
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "vizinho-eager": "Vizinho, not compiled",
    OURS: "Vizinho",
}
_PICTURES = 16
_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "amx_int8", "amx_fp16")
_PACKAGES = ("torch", "torchvision", "onnxruntime", "openvino", "numpy", "pillow")

console = Console()


def machine_here(device: str) -> dict[str, Any]:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    info = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    flags = [flag for flag in _FLAGS if flag in info.get("flags", "").split()]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "device": device,
        "gpu": torch.cuda.get_device_name() if device == "cuda" else None,
        "cpu": info.get("model name") or platform.processor() or platform.machine(),
        "cores": cores,
        "flags": flags,
        "amx": "amx_bf16" in flags,
        "python": platform.python_version(),
        "versions": {package: _version(package) for package in _PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def drawn_picture(seed: int, side: int = 1000) -> Image.Image:
    """A shape of many colours on a ground of two, with a grain, so that it is as hard to decode as a photograph."""
    choose, noise = random.Random(seed), np.random.default_rng(seed)

    def colour() -> tuple[int, int, int]:
        return choose.randrange(256), choose.randrange(256), choose.randrange(256)

    ground = Image.linear_gradient("L").resize((side, side)).rotate(90 * (seed % 4))
    image = ImageOps.colorize(ground, colour(), colour())
    draw_on = ImageDraw.Draw(image)
    for _ in range(4 + seed):
        left, top = choose.randrange(side * 3 // 4), choose.randrange(side * 3 // 4)
        box = (
            left,
            top,
            left + choose.randrange(side // 20, side // 2),
            top + choose.randrange(20, side // 2),
        )
        choose.choice([draw_on.ellipse, draw_on.rectangle])(box, fill=colour())
    grain = noise.normal(0, 3 + seed % 5, (side, side, 1))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def lay_out_pictures(source: Path | None, folder: Path) -> None:
    """As JPEGs with a shorter side of each size, and as pixels ready for the network."""
    if source:
        files = sorted(path for path in source.rglob("*") if path.suffix.lower() in _EXTENSIONS)[:_PICTURES]
        pictures = [ImageOps.exif_transpose(Image.open(path)).convert("RGB") for path in files]
    else:
        pictures = [drawn_picture(seed) for seed in range(_PICTURES)]
    if not pictures:
        raise SystemExit(f"There are no pictures in {source}.")
    for side in JPEG_SIDES:
        (folder / str(side)).mkdir()
        for number, picture in enumerate(pictures):
            scale = side / min(picture.size)
            size = (round(picture.width * scale), round(picture.height * scale))
            picture.resize(size, Image.Resampling.LANCZOS).save(
                folder / str(side) / f"{number:02}.jpg", quality=90
            )
    np.save(folder / PIXELS, np.stack([np.array(ImageOps.fit(one, (SIDE, SIDE))) for one in pictures]))


def lay_out_network(folder: Path) -> None:
    """Weights drawn at random. They round as trained ones do; those that an untrained ResNet50 is given otherwise take
    large numbers from each other, which no trained network does."""
    backbone = replace(backbone_named("resnet50"), laid_out=False)
    network = load_weights(backbone, EmbedderConfig(weights="untrained")).network
    torch.save(network.state_dict(), folder / STATE)
    torch.onnx.export(
        _Graph(network).eval(),
        (torch.zeros(2, SIDE, SIDE, 3, dtype=torch.uint8),),
        folder / GRAPH,
        dynamo=True,
        dynamic_shapes={"pixels": {0: torch.export.Dim("batch")}},
        input_names=["pixels"],
        output_names=["vectors"],
        external_data=False,
        verbose=False,
    )


class _Graph(torch.nn.Module):
    """With normalisation inside: there the others do it fastest, as this embedder does."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        colours = (pixels.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
        return torch.nn.functional.normalize(self.network(colours.permute(0, 3, 1, 2)), dim=1)


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
    results = Results(date, machine_here(device), settings, contenders)
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
