"""On real parts: a drawn catalogue, a real embedder, the embedded store; asked with pictures of nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embedder import Embedder, EmbedderConfig, ImageLimits, MicroBatcher
from service.catalog.calibration.calibrations import Calibrations
from service.catalog.catalog import Catalog
from service.catalog.errors import NotCalibrated
from service.catalog.media import open_media
from service.catalog.pictures import PictureReader
from service.catalog.products import Product
from service.catalog.sample.drawing import drawn
from service.catalog.sample.products import sample_products
from service.catalog.searching import Query
from service.catalog.writing import Draft
from service.store.base import Distance, Identity
from service.store.edge_generations import EdgeGenerations
from service.store.live import build
from tests.nothing import KINDS

pytestmark = pytest.mark.anyio


def sent(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


class Shop:
    """A drawn one, whose products look like those of a real one."""

    def __init__(self, catalog: Catalog, calibrations: Calibrations) -> None:
        self.catalog = catalog
        self.calibrations = calibrations
        self.categories: dict[str, str] = {}

    async def fill(self, products: int) -> None:
        for product in sample_products(products, seed=7):
            self.categories[str(product.id)] = "/".join(product.kind.path)
        pictures = await asyncio.to_thread(
            lambda: [sent(drawn(product, 7, 128)) for product in sample_products(products, seed=7)]
        )
        told = zip(self.categories.items(), pictures, strict=True)
        drafts = [Draft(Product(id_, category), [picture]) for (id_, category), picture in told]
        for start in range(0, len(drafts), 64):
            await self.catalog.write(drafts[start : start + 64])

    async def share_of_nothing_that_is_only_weak(self, each: int) -> float:
        """Every product is an answer here, and so every category's are seen."""
        only_weak = []
        for image in [sent(draw(seed)) for draw in KINDS.values() for seed in range(each)]:
            answer = await self.catalog.similar_to_image(image, Query(limit=len(self.categories)))
            only_weak.append({match.closeness for match in answer.matches} == {"weak"})
        return float(np.mean(only_weak))

    async def share_of_products_with_a_weak_best_match(self) -> float:
        weak = []
        for id_, category in self.categories.items():
            answer = await self.catalog.similar_to_product(id_, Query(category=category, limit=1))
            weak += [match.closeness == "weak" for match in answer.matches]
        return float(np.mean(weak))


@asynccontextmanager
async def a_shop(folder: Path, backbone: str, distance: Distance) -> AsyncIterator[Shop]:
    config = EmbedderConfig(backbone=backbone, weights="untrained", distance=distance, compilation="off")
    embedder = await asyncio.to_thread(Embedder.load, config)
    generations = EdgeGenerations(folder / "store")
    try:
        store = await build(generations, Identity(embedder.fingerprint, embedder.dim, distance))
        async with MicroBatcher(embedder, queue_size=512) as batcher:
            reader = PictureReader(embedder, batcher, ImageLimits())
            calibrations = Calibrations(generations, store, embedder)
            catalog = Catalog(
                store, open_media(None, folder), reader, calibrated=lambda: calibrations.current
            )
            yield Shop(catalog, calibrations)
    finally:
        await generations.aclose()
        await asyncio.to_thread(embedder.close)


@pytest.mark.slow
@pytest.mark.parametrize("distance", ["cosine", "euclid"])
async def test_to_pictures_of_nothing_nothing_is_close_and_to_products_something(
    tmp_path: Path, distance: Distance
) -> None:
    """Under either distance, whose scores have nothing in common."""
    async with a_shop(tmp_path, "resnet50", distance) as shop:
        await shop.fill(200)
        await shop.calibrations.measure_if_due()
        assert await shop.share_of_products_with_a_weak_best_match() <= 0.05
        assert await shop.share_of_nothing_that_is_only_weak(each=34) >= 0.95


async def test_it_is_measured_when_there_is_enough_and_found_again(tmp_path: Path) -> None:
    async with a_shop(tmp_path, "mobilenet_v3_large", "cosine") as shop:
        await shop.fill(12)
        await shop.calibrations.measure_if_due()
        with pytest.raises(NotCalibrated):
            await shop.catalog.similar_to_product("10001", Query(min_match="fair"))
        few = await shop.catalog.similar_to_product("10001", Query())
        assert {(match.closeness, match.percentile) for match in few.matches} == {(None, None)}
        await shop.fill(40)
        await shop.calibrations.measure_if_due()
        everything = (await shop.catalog.similar_to_product("10001", Query(limit=50))).matches
        for wanted, kept in (("fair", {"fair", "strong"}), ("strong", {"strong"})):
            good = await shop.catalog.similar_to_product("10001", Query(limit=50, min_match=wanted))  # type: ignore[arg-type]
            expected = [match.product.id for match in everything if match.closeness in kept]
            assert [match.product.id for match in good.matches] == expected
        noise = sent(KINDS["noise"](3))
        assert (await shop.catalog.similar_to_image(noise, Query(min_match="fair"))).matches == []
        measured = shop.calibrations.calibrated()
        shop.calibrations.current = None
        await shop.calibrations.measure_if_due()
        found = shop.calibrations.calibrated()
        assert measured is not None
        assert found is not None
        assert found is not measured
        assert found.scales == measured.scales
