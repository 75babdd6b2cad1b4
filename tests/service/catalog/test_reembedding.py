"""A change of model: the next generation is built beside the live one, and takes over when it is whole."""

import pytest

from embedder import Embedder, EmbedderConfig, ImageLimits, MicroBatcher
from service.catalog.attributes import AttributeKinds
from service.catalog.catalog import Catalog, Query
from service.catalog.errors import UnknownImage, UnknownProduct
from service.catalog.media import MediaStore
from service.catalog.pictures import PictureReader, sha256
from service.catalog.products import Product
from service.catalog.reembedding import Reembedding
from service.store.base import Generations, Identity
from service.store.errors import FingerprintMismatch, SchemaBehind
from service.store.live import open_live
from tests.pictures import COLOURS, picture

pytestmark = pytest.mark.anyio

OTHER = EmbedderConfig(weights="untrained", distance="euclid", compilation="off")


@pytest.fixture(scope="module")
def other() -> Embedder:
    return Embedder.load(OTHER)


@pytest.fixture
async def shop(catalog: Catalog) -> Catalog:
    for number, colour in enumerate(COLOURS):
        product = Product(str(number), "Apparel/Shirts", colour, {"colour": colour, "price": number})
        await catalog.put(product, [picture(colour), picture(colour, "dots")])
    return catalog


def identity_of(embedder: Embedder) -> Identity:
    return Identity(embedder.fingerprint, embedder.dim, embedder.config.distance)


async def test_the_catalogue_is_the_same_under_the_new_model(
    shop: Catalog, generations: Generations, media: MediaStore, other: Embedder
) -> None:
    assert await shop.count_images() == 2 * len(COLOURS)
    told: list[tuple[int, int]] = []
    async with MicroBatcher(other) as batcher:
        reader = PictureReader(other, batcher, ImageLimits())
        reembedding = Reembedding(generations, reader, media, lambda done, total: told.append((done, total)))
        with pytest.raises(FingerprintMismatch):
            await open_live(generations, identity_of(other), upgrade=True)
        assert await reembedding.run(identity_of(other)) == 2 * len(COLOURS)
        store = await open_live(generations, identity_of(other), upgrade=False)
        assert store.generation.name != shop.generation.name
        after = Catalog(store, media, reader)
        answer = await after.similar_to_image(picture("blue"), Query(filter={"price": {"lte": 1}}))
        assert answer.matches[0].product == (await shop.get("1")).product
        assert answer.matches[0].image == sha256(picture("blue"))
        assert await AttributeKinds(store).refresh() == {"colour": "keyword", "price": "number"}
        assert await reembedding.run(identity_of(other)) == 0
    assert told[-1] == (2 * len(COLOURS), 2 * len(COLOURS))


async def test_an_interrupted_run_is_taken_up_where_it_stopped(
    shop: Catalog, generations: Generations, media: MediaStore, other: Embedder
) -> None:
    lost = sha256(picture("yellow"))
    original, thumbnail = await media.original(lost), await media.thumbnail(lost)
    await media.delete(lost)
    async with MicroBatcher(other) as batcher:
        reembedding = Reembedding(
            generations, PictureReader(other, batcher, ImageLimits()), media, lambda _done, _total: None
        )
        with pytest.raises(UnknownImage, match=lost):
            await reembedding.run(identity_of(other))
        live = await generations.live()
        assert live is not None
        assert live.name == shop.generation.name, "a generation that is not whole is never live"
        await media.put(lost, original, thumbnail)
        await reembedding.run(identity_of(other))
    assert len(await generations.known()) == 2
    assert await (await open_live(generations, identity_of(other), upgrade=False)).count() == 2 * len(COLOURS)


async def test_without_a_catalogue_there_is_nothing_to_embed_anew(
    generations: Generations, reader: PictureReader, media: MediaStore, identity: Identity
) -> None:
    with pytest.raises(SchemaBehind):
        await Reembedding(generations, reader, media, lambda _done, _total: None).run(identity)


async def test_what_changed_since_an_interrupted_run_is_what_goes_live(
    shop: Catalog, generations: Generations, media: MediaStore, other: Embedder
) -> None:
    """Interrupted when all but one image were in; then the owner moves a product and deletes another."""
    lost = sha256(picture("yellow", "dots"))
    original, thumbnail = await media.original(lost), await media.thumbnail(lost)
    begun = await generations.begin(identity_of(other))
    async with MicroBatcher(other) as batcher:
        reembedding = Reembedding(
            generations, PictureReader(other, batcher, ImageLimits()), media, lambda _done, _total: None
        )
        await reembedding.run(identity_of(other))
        await generations.activate(shop.generation)
        await shop.put(Product("0", "Shoes/New", "Moved", {"colour": "crimson"}), [picture("red")])
        await shop.delete("1")
        await media.put(lost, original, thumbnail)
        assert await reembedding.run(identity_of(other)) == 0
        store = await open_live(generations, identity_of(other), upgrade=False)
        assert store.generation.name == begun.name
        after = Catalog(store, media, PictureReader(other, batcher, ImageLimits()))
        assert (await after.get("0")) == (await shop.get("0"))
        with pytest.raises(UnknownProduct):
            await after.get("1")
        assert await after.count_images() == await shop.count_images()
