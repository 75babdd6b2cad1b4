"""What every contender is given: the same pictures, and the same network."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageOps

from embedder import EmbedderConfig
from embedder.backbones import backbone_named
from embedder.weights import load_weights

from .contenders import GRAPH, MEAN, PIXELS, SIDE, STATE, STD
from .figures import JPEG_SIDES

_PICTURES = 16
_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")


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
