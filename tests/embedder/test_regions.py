from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from embedder import Embedder, EmbedderClosed, EmbedderConfig

Draw = Callable[[str, str, int], Image.Image]


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


@pytest.fixture
def pictures(embedder: Embedder, draw: Draw) -> list[NDArray[np.uint8]]:
    return [embedder.prepare(draw("dots", "navy", 3)), embedder.prepare(draw("stripes", "crimson", 5))]


def test_a_vector_is_the_mean_of_its_regions(embedder: Embedder, pictures: list[NDArray[np.uint8]]) -> None:
    regions = embedder.submit_regions(pictures).result(30)
    assert embedder.regions_add_up
    assert regions.maps.shape == (2, 7, 7, 2048)
    assert regions.maps.dtype == regions.vectors.dtype == np.float32
    np.testing.assert_allclose(regions.maps.mean(axis=(1, 2)), regions.vectors, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(unit(regions.vectors), embedder.embed(pictures), atol=1e-5)


@pytest.mark.parametrize("name", ["mobilenet_v3_large", "vgg16"])
def test_every_other_backbone_has_regions_and_says_whether_they_add_up(
    name: str, pictures: list[NDArray[np.uint8]]
) -> None:
    other = Embedder.load(
        EmbedderConfig(backbone=name, weights="untrained", precision="bfloat16", compilation="off")
    )
    regions = other.submit_regions(pictures).result(30)
    assert regions.maps.shape[:3] == (2, 7, 7)
    assert (unit(regions.vectors) * other.embed(pictures)).sum(axis=1) == pytest.approx(1, abs=1e-3)
    means = regions.maps.mean(axis=(1, 2))
    assert other.regions_add_up == (means.shape == regions.vectors.shape) == (name != "vgg16")
    if other.regions_add_up:
        np.testing.assert_allclose(means, regions.vectors, rtol=1e-4, atol=1e-6)
    shift = other.seen((256, 256)).left - other.regions_on((256, 256)).left
    assert shift == pytest.approx(0 if name == "vgg16" else 15.5 / 256), (
        "windows of two stand between the pixels"
    )
    other.close()


@pytest.mark.parametrize(("down", "across"), [(56, 168), (80, 144), (128, 96), (168, 56)])
def test_regions_lie_where_they_are_said_to_lie(embedder: Embedder, down: int, across: int) -> None:
    """What changes at a spot changes the regions around that spot, and none more to one side than to the other."""
    plain = np.random.default_rng(0).integers(100, 150, (256, 256, 3), dtype=np.uint8)
    spotted = plain.copy()
    spotted[down - 6 : down + 6, across - 6 : across + 6] = (250, 20, 20)
    pictures = [embedder.prepare(Image.fromarray(picture)) for picture in (plain, spotted)]
    maps = embedder.submit_regions(pictures).result(30).maps
    change = ((maps[1] - maps[0]) ** 2).sum(axis=2)
    grid, middles = embedder.regions_on((256, 256)), (np.arange(7) + 0.5) / 7
    found_down = grid.top + (change.sum(axis=1) @ middles) / change.sum() * (grid.bottom - grid.top)
    found_across = grid.left + (change.sum(axis=0) @ middles) / change.sum() * (grid.right - grid.left)
    assert (256 * found_down, 256 * found_across) == pytest.approx((down, across), abs=8)


def test_regions_share_the_weights(embedder: Embedder) -> None:
    def places(module: torch.nn.Module) -> set[int]:
        return {parameter.data_ptr() for parameter in module.parameters()}

    assert places(embedder._region_graph._before) == places(embedder._graph)


@pytest.mark.parametrize("size", [(300, 300), (640, 300), (301, 999)])
def test_what_is_seen_is_exactly_what_is_said_to_be_seen(embedder: Embedder, size: tuple[int, int]) -> None:
    seen, (width, height) = embedder.seen(size), size
    left, right = round(seen.left * width), round(seen.right * width)
    top, bottom = round(seen.top * height), round(seen.bottom * height)
    picture = Image.new("RGB", size, "black")
    picture.paste("white", (left, top, right, bottom))
    assert embedder.prepare(picture)[2:-2, 2:-2].min() == 255
    picture.paste("black", (0, 0, *size))
    picture.paste("white", (left + 8, top + 8, right - 8, bottom - 8))
    edges = embedder.prepare(picture)[..., 0]
    assert max(edges[2].max(), edges[-3].max(), edges[:, 2].max(), edges[:, -3].max()) == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1), (2, 3)])
def test_of_a_picture_of_any_shape_something_is_seen(embedder: Embedder, size: tuple[int, int]) -> None:
    seen = embedder.seen(size)
    assert 0 <= seen.left < seen.right <= 1
    assert 0 <= seen.top < seen.bottom <= 1


def test_pixels_of_another_shape_are_refused(embedder: Embedder) -> None:
    with pytest.raises(ValueError, match="Pixels are"):
        embedder.submit_regions([np.zeros((7, 7, 3), np.uint8)]).result(30)


def test_a_closed_embedder_looks_no_more(pictures: list[NDArray[np.uint8]]) -> None:
    closed = Embedder.load(EmbedderConfig(weights="untrained", compilation="off"))
    closed.close()
    with pytest.raises(EmbedderClosed):
        closed.submit_regions(pictures)
