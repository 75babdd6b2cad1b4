import json
import os
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save

from embedder import (
    ConfigError,
    Embedder,
    EmbedderConfig,
    Fit,
    Fitter,
    WeightsCorrupt,
    WeightsError,
    WeightsMismatch,
    WeightsMissing,
)
from embedder.backbones import BACKBONES
from embedder.embedder import _fingerprint
from embedder.fits import Pool, Pooling, read_fit
from embedder.weights import load_weights

Draw = Callable[[str, str, int], Image.Image]
Pixels = NDArray[np.uint8]

MOBILENET = BACKBONES["mobilenet_v3_large"]
CONFIG = EmbedderConfig(MOBILENET.name, "untrained", "cpu", precision="float32", threads=1, compilation="off")


@pytest.fixture(scope="module")
def mobilenet() -> Embedder:
    return Embedder.load(CONFIG)


@pytest.fixture(scope="module")
def pictures(mobilenet: Embedder, draw: Draw) -> list[Pixels]:
    return [
        mobilenet.prepare(draw(pattern, colour, offset))
        for pattern in ("stripes", "bands", "dots", "disc")
        for colour in ("crimson", "navy", "seagreen", "gold")
        for offset in (3, 9)
    ]


@pytest.fixture(scope="module")
def fitter(mobilenet: Embedder, pictures: list[Pixels]) -> Fitter:
    return learned(mobilenet, pictures)


def learned(embedder: Embedder, pictures: list[Pixels]) -> Fitter:
    fitter = Fitter(embedder)
    for start in range(0, len(pictures), 8):
        fitter.learn(fitter.submit(pictures[start : start + 8]).result(60))
    return fitter


def some_fit(pooling: Pooling, weights: str, dim: int = 6, backbone: str = "resnet50") -> Fit:
    length = sum(BACKBONES[backbone].layers[pool.layer] for pool in pooling)
    draw = np.random.default_rng(0)
    mean = draw.random(length, np.float32) / np.float32(50)
    projection = draw.normal(size=(length, dim)).astype(np.float32)
    return Fit(backbone, weights, 224, pooling, mean, projection)


def loaded_with(fit: Fit, folder: Path, **more: Any) -> Embedder:
    path = folder / "fit.safetensors"
    path.write_bytes(fit.file())
    config = replace(CONFIG, backbone=fit.backbone, fit=path, **more)
    return Embedder.load(config)


def test_every_candidate_is_what_an_embedder_makes_of_its_file(
    fitter: Fitter, pictures: list[Pixels], tmp_path: Path
) -> None:
    candidates = fitter.candidates(8)
    features = fitter.submit(pictures[:3]).result(60)
    for candidate in candidates[::7]:
        embedder = loaded_with(candidate.fit, tmp_path, distance="euclid")
        expected = candidate.fit.vectors(features[candidate.place])
        assert (embedder.dim, expected.shape) == (8, (3, 8))
        np.testing.assert_allclose(embedder.embed(pictures[:3]), expected, atol=1e-4)
        embedder.close()
    assert len({candidate.fit.digest for candidate in candidates}) == len(candidates) == 18


def test_whitening_gives_every_direction_the_same_share(fitter: Fitter, pictures: list[Pixels]) -> None:
    features = [fitter.submit(pictures[start : start + 8]).result(60) for start in range(0, 32, 8)]
    whole = next(one for one in fitter.candidates(4) if one.centred and one.exponent == 1)
    none = next(one for one in fitter.candidates(4) if one.centred and one.exponent == 0)
    for candidate, even in ((whole, True), (none, False)):
        vectors = candidate.fit.vectors(np.concatenate([each[candidate.place] for each in features]))
        shares = vectors.var(axis=0)
        np.testing.assert_allclose(vectors.mean(axis=0), 0, atol=1e-5)
        assert (shares.max() / shares.min() < 1.2) == even
        assert shares.sum() == pytest.approx(1, rel=0.05)
        others = np.cov(vectors.T) - np.diag(np.diag(np.cov(vectors.T)))
        np.testing.assert_allclose(others, 0, atol=1e-4)


def test_the_same_pictures_give_the_same_bytes(
    fitter: Fitter, mobilenet: Embedder, pictures: list[Pixels]
) -> None:
    again = learned(mobilenet, pictures).candidates(8)
    assert [one.fit.file() for one in again] == [one.fit.file() for one in fitter.candidates(8)]


def test_no_more_numbers_than_there_is_to_learn_from(fitter: Fitter, mobilenet: Embedder) -> None:
    with pytest.raises(ConfigError, match="From 32 pictures come fits to at most 31 numbers, not to 32"):
        fitter.candidates(32)
    with pytest.raises(ConfigError, match="From 0 pictures come fits to at most 0 numbers"):
        Fitter(mobilenet).candidates(2)
    plain = [np.full((mobilenet.input_size, mobilenet.input_size, 3), 200, np.uint8)] * 8
    with pytest.raises(ConfigError, match="all the same"):
        learned(mobilenet, plain).candidates(2)


LINEAR: Pooling = (Pool("layer3"), Pool("layer4"))
BENT: Pooling = (Pool("layer3", power=0.5), Pool("layer4", p=3.0))


@pytest.mark.parametrize(("pooling", "adds_up"), [(LINEAR, True), (BENT, False)])
def test_regions_add_up_where_the_fit_lets_them(
    embedder: Embedder, draw: Draw, tmp_path: Path, pooling: Pooling, adds_up: bool
) -> None:
    fitted = loaded_with(some_fit(pooling, embedder.weights.sha256), tmp_path, distance="euclid")
    pixels = [fitted.prepare(draw("dots", "navy", 3)), fitted.prepare(draw("disc", "gold", 5))]
    regions = fitted.submit_regions(pixels).result(60)
    assert fitted.regions_add_up == adds_up
    assert regions.maps.shape == (2, 7, 7, 6 if adds_up else 2048)
    np.testing.assert_allclose(regions.vectors, fitted.embed(pixels), atol=1e-4)
    if adds_up:
        np.testing.assert_allclose(regions.maps.mean(axis=(1, 2)), regions.vectors, atol=1e-4)
    fitted.close()


def test_what_decides_a_vector_is_in_the_fingerprint_and_what_does_not_is_not() -> None:
    loaded = load_weights(MOBILENET, CONFIG)
    fit = some_fit((Pool("features"),), loaded.weights.sha256, backbone=MOBILENET.name)
    others = [
        replace(fit, mean=fit.mean + np.float32(0.01)),
        replace(fit, projection=fit.projection[:, :5]),
        replace(fit, pooling=(Pool("features", p=2.0),)),
        replace(fit, pooling=(Pool("features", power=0.5),)),
        None,
    ]
    first = _fingerprint(loaded, "cosine", fit)
    assert len({first, *(_fingerprint(loaded, "cosine", other) for other in others)}) == 6
    assert _fingerprint(loaded, "cosine", replace(fit, notes={"told": "by whom"})) == first
    _, weights, size, fitted, *_ = first.split(".")
    assert (weights, size) == (f"weights-{loaded.weights.sha256[:8]}", "224")
    assert fitted == f"fit-{fit.digest[:8]}-6"


def test_a_fit_for_other_weights_is_refused(embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(WeightsMismatch, match="made on weights 00000000 at 224 pixels"):
        loaded_with(some_fit(LINEAR, "0" * 64), tmp_path)
    with pytest.raises(WeightsMismatch, match="at 96 pixels"):
        loaded_with(replace(some_fit(LINEAR, embedder.weights.sha256), input_size=96), tmp_path)


def card(**changes: Any) -> dict[str, Any]:
    return some_fit((Pool("features"),), "a" * 64, backbone=MOBILENET.name).card | changes


def written(path: Path, said: object, **tensors: NDArray[Any]) -> Path:
    numbers = {"mean": np.zeros(960, np.float32), "projection": np.ones((960, 6), np.float32)} | tensors
    path.write_bytes(save(numbers, {"card": said if isinstance(said, str) else json.dumps(said)}))
    return path


POOL = {"layer": "features", "p": 1.0, "power": 1.0}


def test_what_these_tests_spoil_is_sound(tmp_path: Path) -> None:
    assert read_fit(written(tmp_path / "sound.safetensors", card()), MOBILENET).dim == 6


@pytest.mark.parametrize(
    "said",
    [
        "",
        "null",
        "[" * 5000,
        card(version=2),
        card(kind="weights"),
        card(backbone="resnet50"),
        card(weights=None),
        card(input_size=True),
        card(input_size=224.0),
        card(pooling=[]),
        card(pooling="features"),
        card(pooling=[POOL, POOL]),
        card(pooling=[POOL | {"layer": "layer4"}]),
        card(pooling=[POOL | {"layer": ["features"]}]),
        card(pooling=[POOL | {"p": float("nan")}]),
        card(pooling=[POOL | {"p": 10**400}]),
        card(pooling=[POOL | {"power": 0}]),
        card(pooling=[POOL | {"more": 1}]),
        card(pooling=[{"layer": "features"}]),
    ],
)
def test_a_card_that_makes_no_sense_is_refused(tmp_path: Path, said: object) -> None:
    with pytest.raises(WeightsError, match=r"odd\.safetensors"):
        read_fit(written(tmp_path / "odd.safetensors", said), MOBILENET)


@pytest.mark.parametrize(
    "tensors",
    [
        {"mean": np.zeros(959, np.float32)},
        {"mean": np.zeros((960, 1), np.float32)},
        {"mean": np.zeros(960, np.float64)},
        {"mean": np.full(960, np.nan, np.float32)},
        {"projection": np.full((960, 6), np.inf, np.float32)},
        {"projection": np.zeros((960, 0), np.float32)},
        {"projection": np.zeros((960, 961), np.float32)},
        {"projection": np.zeros((6, 960), np.float32)},
        {"projection": np.zeros(960, np.float32)},
        {"more": np.zeros(1, np.float32)},
    ],
)
def test_tensors_that_do_not_fit_are_refused(tmp_path: Path, tensors: dict[str, NDArray[Any]]) -> None:
    with pytest.raises(WeightsError, match=r"odd\.safetensors"):
        read_fit(written(tmp_path / "odd.safetensors", card(), **tensors), MOBILENET)


def test_a_file_that_is_no_fit_is_refused(tmp_path: Path, safetensors: Path) -> None:
    sound = written(tmp_path / "sound.safetensors", card()).read_bytes()
    huge = struct.pack("<Q", 1 << 60) + sound[8:]
    for data in (b"", b"no fit", sound[:-100], sound[:40], huge):
        (tmp_path / "odd.safetensors").write_bytes(data)
        with pytest.raises(WeightsCorrupt, match="no readable fit"):
            read_fit(tmp_path / "odd.safetensors", MOBILENET)
    with pytest.raises(WeightsCorrupt, match="does not hold mean and projection alone"):
        read_fit(safetensors, MOBILENET)
    with (tmp_path / "large.safetensors").open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)
    with pytest.raises(WeightsCorrupt, match="too large"):
        read_fit(tmp_path / "large.safetensors", MOBILENET)
    for nothing in (tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(WeightsMissing, match="no fit at"):
            read_fit(nothing, MOBILENET)
