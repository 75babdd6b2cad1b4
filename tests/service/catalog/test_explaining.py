import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from embedder import CropBox, Embedder, EmbedderConfig, ImageError, ImageLimits, MicroBatcher, Overloaded
from service.catalog.catalog import Catalog
from service.catalog.errors import UnknownImage, UnknownProduct
from service.catalog.explaining import Explaining, Sent, Shown
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader, sha256
from service.catalog.products import Product
from service.catalog.searching import Query
from service.store.base import Generations, Identity, VectorStore
from service.store.live import build
from tests.pictures import picture

pytestmark = pytest.mark.anyio

RED, BLUE, DOTS = picture("red"), picture("blue"), picture("red", "dots")


@pytest.fixture
async def explaining(
    store: VectorStore, media: MediaStore, embedder: Embedder, catalog: Catalog
) -> AsyncIterator[Explaining]:
    await catalog.put(Product("one", "Shirts"), [RED])
    await catalog.put(Product("two", "Shirts"), [BLUE, DOTS])
    with closing(Explaining(store, media, embedder, ImageLimits())) as explaining:
        yield explaining


async def test_it_explains_the_very_score_that_a_search_gives(
    explaining: Explaining, catalog: Catalog, embedder: Embedder
) -> None:
    found = (await catalog.similar_to_product("one", Query())).matches[0]
    explained = await explaining.explain(Shown("one"), Shown("two", found.image))
    tolerance = 1e-4 if embedder.precision == "float32" else 2e-3
    assert explained.exact
    assert explained.score == pytest.approx(found.score, abs=tolerance)
    assert explained.distance == pytest.approx(found.distance, abs=20 * tolerance)
    assert explained.agreement.query.sum() == pytest.approx(explained.likeness, abs=1e-5)
    assert explained.agreement.match.sum() == pytest.approx(explained.likeness, abs=1e-5)


async def test_of_a_euclidean_score_the_cosine_is_explained(
    generations: Generations, media: MediaStore
) -> None:
    config = EmbedderConfig(weights="untrained", compilation="off", distance="euclid")
    embedder, limits = Embedder.load(config), ImageLimits()
    store = await build(generations, Identity(embedder.fingerprint, embedder.dim, "euclid"))
    async with MicroBatcher(embedder) as batcher:
        catalog = Catalog(store, media, PictureReader(embedder, batcher, limits))
        await catalog.put(Product("one", "Shirts"), [RED])
        await catalog.put(Product("two", "Shirts"), [DOTS])
        found = (await catalog.similar_to_product("one", Query())).matches[0]
    with closing(Explaining(store, media, embedder, limits)) as explaining:
        explained = await explaining.explain(Shown("one"), Shown("two"))
    embedder.close()
    assert (explained.score, explained.distance) == pytest.approx((found.score, found.distance), rel=5e-3)
    assert explained.score < explained.likeness < 1
    assert explained.agreement.query.sum() == pytest.approx(explained.likeness, abs=1e-5)


async def test_of_several_images_the_one_that_is_most_alike_is_explained(explaining: Explaining) -> None:
    for query in (Sent(DOTS), Sent(BLUE)):
        assert (await explaining.explain(query, Shown("two"))).match.image == sha256(query.image)
    assert (await explaining.explain(Sent(DOTS), Shown("two", sha256(BLUE)))).match.image == sha256(BLUE)
    asked = await explaining.explain(Shown("two"), Shown("one"))
    assert asked.query.image == sha256(BLUE), "the first stands for the product that is asked about"
    assert (await explaining.explain(Shown("two", sha256(DOTS)), Shown("one"))).query.image == sha256(DOTS)


async def test_a_picture_agrees_with_itself_in_every_region(explaining: Explaining) -> None:
    explained = await explaining.explain(Sent(RED), Shown("one"))
    assert explained.likeness == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(explained.agreement.query, explained.agreement.match, atol=1e-5)
    assert explained.query.product is None
    assert explained.match.product == Product("one", "Shirts")


async def test_the_box_of_a_chosen_part_lies_on_the_whole_picture(explaining: Explaining) -> None:
    crop = CropBox(0.5, 0.25, 1, 0.75)
    looked = (await explaining.explain(Sent(RED, crop), Shown("one"))).query
    seen, grid = looked.on_the_whole(looked.seen), looked.on_the_whole(looked.grid)
    assert seen == pytest.approx((0.53125, 0.28125, 0.96875, 0.71875), abs=1e-3)
    assert (grid.right - grid.left, grid.bottom - grid.top) == pytest.approx((0.4375, 0.4375), abs=1e-3)
    assert seen.left - grid.left == pytest.approx(seen.top - grid.top) == pytest.approx(0.4375 * 15.5 / 224)


async def test_what_cannot_be_explained_says_why(explaining: Explaining) -> None:
    with pytest.raises(UnknownProduct):
        await explaining.explain(Sent(RED), Shown("nobody"))
    with pytest.raises(UnknownProduct):
        await explaining.explain(Shown("nobody"), Shown("one"))
    with pytest.raises(UnknownImage, match="'one' has no image"):
        await explaining.explain(Sent(RED), Shown("one", sha256(BLUE)))
    with pytest.raises(ImageError):
        await explaining.explain(Sent(b"no picture"), Shown("one"))


async def test_a_lost_or_damaged_original_is_nothing_that_the_asker_did(
    explaining: Explaining, media: MediaStore
) -> None:
    await media.put(sha256(BLUE), BLUE[:900], b"")
    with pytest.raises(UnknownImage, match="of product 'two' is damaged"):
        await explaining.explain(Sent(BLUE), Shown("two"))
    await media.put(sha256(BLUE), RED, b"")
    with pytest.raises(UnknownImage, match="damaged"):
        await explaining.explain(Sent(BLUE), Shown("two"))
    await media.delete(sha256(RED))
    with pytest.raises(UnknownImage, match="of product 'one' is missing"):
        await explaining.explain(Shown("one"), Shown("two"))


async def test_no_more_than_two_at_once_and_whoever_gives_up_makes_room(explaining: Explaining) -> None:
    asked = [asyncio.create_task(explaining.explain(Sent(RED), Shown("one"))) for _ in range(6)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, Overloaded) for answer in answers) == 4
    for _ in range(3):
        given_up = asyncio.create_task(explaining.explain(Sent(RED), Shown("one")))
        await asyncio.sleep(0.005)
        given_up.cancel()
    await asyncio.wait([given_up])
    assert (await explaining.explain(Sent(RED), Shown("one"))).exact


async def test_it_can_be_drawn(explaining: Explaining) -> None:
    explained = await explaining.explain(Sent(RED), Shown("two"))
    with Image.open(BytesIO(await explaining.draw(explained))) as drawn:
        assert (drawn.format, drawn.mode) == ("PNG", "RGB")
        assert len(drawn.getcolors(1 << 20) or ()) > 1_000
