from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from embedder import Embedder, EmbedderConfig
from embedder.backbones import BACKBONES
from embedder.embedder import _fingerprint
from embedder.weights import load_weights

Draw = Callable[[str, str, int], Image.Image]
Pixels = NDArray[np.uint8]

UNTRAINED = EmbedderConfig(
    weights="untrained", device="cpu", precision="float32", threads=1, compilation="off"
)
GOLDEN = {
    45: 0.060758,
    87: 0.031045,
    129: 0.080665,
    175: 0.065793,
    217: 0.016584,
    270: 0.283561,
    2047: 0.025804,
}


def waves() -> Pixels:
    """Drawn with integers alone, so that it is the same picture with every release of Pillow."""
    y, x = np.mgrid[0:224, 0:224]
    return np.stack([(x * y) // 7 % 256, (x * 3 + y) % 256, (y * y // 50 + x) % 256], axis=2).astype(np.uint8)


def noise(count: int, seed: int = 1) -> list[Pixels]:
    return list(np.random.default_rng(seed).integers(0, 256, (count, 224, 224, 3), dtype=np.uint8))


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / lengths)


def test_the_golden_vector_has_not_moved(embedder: Embedder) -> None:
    vector = embedder.embed([waves()])[0]
    np.testing.assert_allclose(vector[list(GOLDEN)], list(GOLDEN.values()), atol=1e-5)


def test_vectors_are_float32_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.embed(noise(2))
    assert vectors.shape == (2, embedder.dim) == (2, 2048)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_pictures_give_no_vectors(embedder: Embedder) -> None:
    vectors = embedder.embed([])
    assert vectors.shape == (0, 2048)
    assert vectors.dtype == np.float32


def test_a_vector_does_not_depend_on_its_neighbours_in_the_batch(embedder: Embedder) -> None:
    pictures = noise(9)
    together = embedder.embed(pictures)
    for position in (0, 5, 8):
        np.testing.assert_allclose(together[position], embedder.embed([pictures[position]])[0], atol=1e-6)
    np.testing.assert_allclose(together[2:5], embedder.embed(pictures[2:5]), atol=1e-6)


def test_the_same_picture_gives_the_same_bits_every_time(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed(noise(3)), embedder.embed(noise(3)))


def test_a_second_embedder_gives_the_same_bits(embedder: Embedder) -> None:
    other = Embedder.load(UNTRAINED)
    assert other.fingerprint == embedder.fingerprint
    np.testing.assert_array_equal(other.embed(noise(2)), embedder.embed(noise(2)))


def test_many_threads_get_what_one_would(embedder: Embedder) -> None:
    pictures = noise(8)
    expected = embedder.embed(pictures)
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda picture: embedder.embed([picture])[0], pictures))
    np.testing.assert_allclose(np.stack(vectors), expected, atol=1e-6)


def test_embedding_leaves_the_pixels_alone(embedder: Embedder) -> None:
    picture = waves()
    picture.setflags(write=False)
    embedder.embed([picture])
    np.testing.assert_array_equal(picture, waves())


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((223, 224, 3), np.uint8), np.zeros((224, 224), np.uint8), np.zeros((224, 224, 3), np.float32)],
)
def test_pixels_of_another_shape_or_type_are_refused(embedder: Embedder, wrong: Pixels) -> None:
    with pytest.raises(ValueError, match="not uint8"):
        embedder.embed([waves(), wrong])


def test_pictures_of_one_pattern_are_nearer_than_pictures_of_others(embedder: Embedder, draw: Draw) -> None:
    patterns, colours = ("stripes", "bands", "dots", "disc"), ("crimson", "seagreen", "navy")
    labels = [(pattern, colour) for pattern in patterns for colour in colours for _ in range(2)]
    pictures = [draw(pattern, colour, 3 + 5 * (i % 2)) for i, (pattern, colour) in enumerate(labels)]
    vectors = embedder.embed([embedder.prepare(picture) for picture in pictures])
    nearness = vectors @ vectors.T
    np.fill_diagonal(nearness, -1)
    same = np.array([[a[0] == b[0] for b in labels] for a in labels])
    assert nearness[same & (nearness > -1)].mean() > nearness[~same].mean() + 0.02
    assert same[np.arange(len(labels)), nearness.argmax(axis=1)].all()
    assert nearness[~same].max() < 0.999


def test_a_plain_picture_still_has_a_direction(embedder: Embedder) -> None:
    shades = [np.full((224, 224, 3), shade, np.uint8) for shade in (0, 124, 255)]
    shades.append(np.broadcast_to(np.array([124, 116, 104], np.uint8), (224, 224, 3)))
    np.testing.assert_allclose(np.linalg.norm(embedder.embed(shades), axis=1), 1, atol=1e-5)


def test_euclidean_vectors_point_the_same_way_but_keep_their_length(embedder: Embedder) -> None:
    raw = Embedder.load(replace(UNTRAINED, distance="euclid"))
    long, unit = raw.embed(noise(2)), embedder.embed(noise(2))
    assert (np.linalg.norm(long, axis=1) > 2).all()
    np.testing.assert_allclose(cosines(long, unit), 1, atol=1e-5)
    assert raw.fingerprint != embedder.fingerprint
    assert ".raw." in raw.fingerprint


def test_bfloat16_points_nearly_the_same_way_under_the_same_fingerprint(
    embedder: Embedder, draw: Draw
) -> None:
    coarse = Embedder.load(replace(UNTRAINED, precision="bfloat16"))
    pictures = [embedder.prepare(draw(pattern, "teal", 4)) for pattern in ("stripes", "dots", "disc")]
    assert coarse.precision == "bfloat16"
    assert coarse.fingerprint == embedder.fingerprint
    assert cosines(coarse.embed(pictures), embedder.embed(pictures)).min() > 0.9995


def test_activations_stay_far_inside_what_float16_can_hold(draw: Draw) -> None:
    network = load_weights(BACKBONES["resnet50"], UNTRAINED).network
    peaks: list[float] = []
    for module in network.modules():
        module.register_forward_hook(lambda _module, _inputs, out: peaks.append(float(out.abs().max())))
    picture = torch.from_numpy(np.asarray(draw("dots", "black", 0)).copy()).permute(2, 0, 1)[None] / 255
    with torch.inference_mode():
        network((picture - 0.45) / 0.22)
    assert 0.01 < peaks[-1] <= max(peaks) < 500


def test_the_fingerprint_reads_as_what_it_stands_for(embedder: Embedder) -> None:
    backbone, weights, size, length, digest = embedder.fingerprint.split(".")
    assert (backbone, size, length) == ("resnet50", "224", "unit")
    assert weights == f"weights-{embedder.weights.sha256[:8]}"
    assert len(digest) == 12


def test_only_what_decides_a_vector_is_in_the_fingerprint(tmp_path: Path, embedder: Embedder) -> None:
    loaded = load_weights(BACKBONES["resnet50"], UNTRAINED)
    torch.save(loaded.network.state_dict(), tmp_path / "copy.pth")
    copy = Embedder.load(
        replace(UNTRAINED, weights=str(tmp_path / "copy.pth"), threads=torch.get_num_threads())
    )
    assert copy.weights.kind == "file"
    assert copy.fingerprint == embedder.fingerprint


def test_each_thing_that_decides_a_vector_changes_the_fingerprint() -> None:
    backbone = BACKBONES["resnet50"]
    loaded = load_weights(backbone, UNTRAINED)
    other_weights = replace(loaded.weights, sha256="0" * 64)
    fingerprints = {
        _fingerprint(loaded, "cosine"),
        _fingerprint(loaded, "euclid"),
        _fingerprint(replace(loaded, resize=232), "cosine"),
        _fingerprint(replace(loaded, backbone=replace(backbone, name="other")), "cosine"),
        _fingerprint(replace(loaded, backbone=replace(backbone, pooling="maxpool")), "cosine"),
        _fingerprint(replace(loaded, weights=other_weights), "cosine"),
    }
    assert len(fingerprints) == 6


def test_the_two_releases_are_cropped_by_their_own_recipes() -> None:
    sources = BACKBONES["resnet50"].sources
    assert (sources["imagenet-v1"].resize, sources["imagenet-v2"].resize) == (256, 232)
