from pathlib import Path

import numpy as np
import torch

from benchmarks.embed.contenders import PIXELS, STATE, eager, vizinho_eager
from benchmarks.embed.figures import lowest_cosine
from benchmarks.embed.worker import Worker, images_per_s
from embedder import EmbedderConfig
from embedder.backbones import backbone_named
from embedder.weights import load_weights


def test_a_rate_counts_whole_steps_and_at_least_one() -> None:
    steps: list[int] = []
    rate = images_per_s(lambda: steps.append(1), 8, 1e-9)
    assert len(steps) == 1
    assert rate > 8


def test_eager_pytorch_and_this_embedder_see_the_same(folder: Path) -> None:
    network = load_weights(backbone_named("resnet50"), EmbedderConfig(weights="untrained")).network
    torch.save(network.state_dict(), folder / STATE)
    theirs, ours = eager(folder, folder, "cpu"), vizinho_eager(folder, folder, "cpu")
    pixels = list(np.load(folder / PIXELS)[:4])
    assert lowest_cosine(ours.embed(pixels), theirs.embed(pixels)) > 0.998
    jpeg = (folder / "1000" / "02.jpg").read_bytes()
    difference = theirs.decode(jpeg).astype(float) - ours.decode(jpeg)
    assert theirs.decode(jpeg).shape == (224, 224, 3)
    assert np.abs(difference).mean() < 3


def test_a_worker_measures_what_it_is_asked_to(folder: Path, tmp_path: Path) -> None:
    worker = Worker(vizinho_eager(folder, tmp_path, "cpu"), folder)
    start = worker.start(0.0)
    assert start["runtime"] == "eager"
    assert start["first_vector_s"] > 0
    assert "compiled_vector_s" not in start
    for kind in ("pixels", "jpeg", "callers"):
        assert worker.rate(kind, 2, 224, 1.0) > 0
    worker.save_vectors(str(tmp_path / "vectors.npy"))
    vectors = np.load(tmp_path / "vectors.npy")
    assert vectors.shape == (32, 2048)
    assert lowest_cosine(vectors[:16], vectors[16:]) > 0.998
    worker.close()
