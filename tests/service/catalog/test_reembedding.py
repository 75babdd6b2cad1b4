"""A change of model: the next generation is built beside the live one, and takes over when it is whole."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from qdrant_client import AsyncQdrantClient

from embedder import Embedder
from service.catalog.attributes import AttributeKinds
from service.catalog.catalog import Catalog
from service.catalog.errors import UnknownImage, UnknownProduct
from service.catalog.freezing import Frozen
from service.catalog.media import MediaStore, open_media
from service.catalog.pictures import sha256
from service.catalog.products import Product
from service.catalog.reembedding import Change
from service.catalog.searching import Query
from service.store.base import Generations, Point, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.errors import (
    FingerprintMismatch,
    SchemaBehind,
    StoreDamaged,
    StoreError,
    StoreFrozen,
    StoreNotFound,
    StoreTimedOut,
)
from service.store.live import open_live
from service.store.server_generations import ServerGenerations
from tests.pictures import COLOURS, picture
from tests.service.catalog.changing import (
    Model,
    fill,
    filled,
    missing,
    model,
    other_embedder,
    payloads,
    spawned,
    take_over_and_die,
)
from tests.service.catalog.writer import Writer

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]


@pytest.fixture(params=["embedded", "memory"])
async def generations(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Generations]:
    if request.param == "memory":
        # Freezing waits as long as a write may take: a short deadline makes for short tests.
        opened: Generations = ServerGenerations(AsyncQdrantClient(":memory:"), timeout_s=0.5, believed_s=0.0)
    else:
        opened = EdgeGenerations(tmp_path / "data" / "store")
    yield opened
    await opened.aclose()


@pytest.fixture
async def shop(catalog: Catalog) -> Catalog:
    await fill(catalog)
    return catalog


@pytest.fixture
async def old(embedder: Embedder, generations: Generations, media: MediaStore) -> AsyncIterator[Model]:
    async with model(embedder, generations, media) as old:
        yield old


@pytest.fixture
async def new(generations: Generations, media: MediaStore) -> AsyncIterator[Model]:
    async with model(other_embedder(), generations, media) as new:
        yield new


async def live_name(generations: Generations) -> str:
    live = await generations.live()
    assert live is not None
    return live.name


async def test_the_catalogue_is_the_same_under_the_new_model(shop: Catalog, new: Model) -> None:
    with pytest.raises(FingerprintMismatch):
        await open_live(new.generations, new.identity, upgrade=True)
    change = await new.take_over()
    assert (change.done.added, change.done.updated, change.done.deleted) == (2 * len(COLOURS), 0, 0)
    store = await open_live(new.generations, new.identity, upgrade=False)
    assert store.generation.name == change.live.name != change.previous.name == shop.generation.name
    after = await new.catalog()
    answer = await after.similar_to_image(picture("blue"), Query(filter={"price": {"lte": 1}}))
    assert answer.matches[0].product == (await shop.get("1")).product
    assert answer.matches[0].image == sha256(picture("blue"))
    assert await AttributeKinds(store).refresh() == {
        "dominant_colours": "keyword",
        "colour": "keyword",
        "price": "number",
    }
    assert await new.reembedding.run(new.identity) is None
    assert new.told == (2 * len(COLOURS), 2 * len(COLOURS))
    assert new.stages == ["embedding anew", "catching up", "last changes"]


@pytest.mark.usefixtures("shop")
async def test_the_sample_is_compared_and_the_neighbours_told(new: Model) -> None:
    compared = (await new.take_over()).compared
    assert compared.images == 2 * len(COLOURS)
    assert compared.overlap == 1.0, "eight images: the ten nearest are all the others, whatever the model"


async def test_without_a_catalogue_there_is_nothing_to_embed_anew(new: Model) -> None:
    with pytest.raises(SchemaBehind):
        await new.reembedding.run(new.identity)
    with pytest.raises(SchemaBehind):
        await new.reembedding.roll_back(new.identity)


async def test_a_service_that_stayed_on_the_old_generation_reads_and_does_not_write(
    shop: Catalog, new: Model
) -> None:
    await new.take_over()
    assert (await shop.get("1")).product.title == "blue"
    assert (await shop.similar_to_image(picture("blue"), Query())).matches[0].product.id == "1"
    with pytest.raises(StoreFrozen, match="restart"):
        await shop.put(Product("9", "Shoes/New", "late"), [picture("red", "stripes")])
    with pytest.raises(StoreFrozen):
        await shop.delete("1")
    assert (await shop.get("1")).images
    assert (await (await new.catalog()).get("1")).images


async def test_an_original_that_is_missing_is_told_and_nothing_is_switched(
    shop: Catalog, new: Model, tmp_path: Path
) -> None:
    image = sha256(picture("yellow"))
    put_back = missing(tmp_path / "data" / "media", image)
    with pytest.raises(UnknownImage, match=f"{image} of product '3' is missing"):
        await new.take_over()
    assert await live_name(new.generations) == shop.generation.name
    await shop.put(Product("5", "Shoes/New", "still written"), [picture("red", "stripes")])
    put_back()
    begun = await new.generations.begin(new.identity)
    assert (await new.take_over()).live.name == begun.name, "it goes on with what it had begun"
    assert await (await new.live()).count() == 2 * len(COLOURS) + 1


async def test_a_damaged_original_is_told_and_not_embedded(shop: Catalog, new: Model, tmp_path: Path) -> None:
    image = sha256(picture("yellow"))
    (tmp_path / "data/media/originals" / image[:2] / image).write_bytes(picture("red"))
    with pytest.raises(StoreDamaged, match=image):
        await new.take_over()
    assert await live_name(new.generations) == shop.generation.name


async def test_what_changed_since_an_interrupted_run_is_what_goes_live(
    shop: Catalog, new: Model, tmp_path: Path
) -> None:
    """Interrupted when all but one image were in; then the owner moves a product and deletes another."""
    put_back = missing(tmp_path / "data" / "media", sha256(picture("yellow", "dots")))
    with pytest.raises(UnknownImage):
        await new.take_over()
    await shop.put(Product("0", "Shoes/New", "Moved", {"colour": "crimson", "size": 4}), [picture("red")])
    await shop.delete("1")
    put_back()
    change = await new.take_over()
    assert len(await new.generations.known()) == 2
    after = await new.catalog()
    assert await after.get("0") == await shop.get("0")
    with pytest.raises(UnknownProduct):
        await after.get("1")
    assert await payloads(await new.live()) == await payloads(new.generations.open(change.previous))
    assert await AttributeKinds(await new.live()).refresh() == {
        "dominant_colours": "keyword",
        "colour": "keyword",
        "price": "number",
        "size": "number",
    }


async def test_products_that_are_deleted_while_they_are_embedded_are_no_failure(
    shop: Catalog, new: Model
) -> None:
    deleting: list[asyncio.Task[None]] = []
    new.at["embedding anew"] = lambda: deleting.append(asyncio.ensure_future(shop.delete("2")))
    running = asyncio.create_task(new.take_over())
    await shop.delete("1")  # at any moment: before it is listed, or between that and its embedding
    await running
    await deleting[0]
    assert await payloads(await new.live()) == await payloads(new.generations.open(shop.generation))
    assert await (await new.catalog()).count_products() == len(COLOURS) - 2


async def switched_back(change: Change, generations: Generations) -> VectorStore:
    """The new generation whole, and not live: as where a run was killed just before the swap."""
    await generations.activate(change.previous)
    await generations.thaw(change.previous)
    return generations.open(change.live)


async def test_a_vector_that_is_not_its_images_own_is_caught(shop: Catalog, new: Model) -> None:
    target = await switched_back(await new.take_over(), new.generations)
    id_, payload = next(iter((await payloads(target)).items()))
    vector = np.random.default_rng(0).normal(size=new.embedder.dim).astype(np.float32)
    await target.upsert([Point(id_, payload, vector)])
    with pytest.raises(StoreDamaged, match=payload["image"]):
        await new.take_over()
    assert await live_name(new.generations) == shop.generation.name
    await shop.put(Product("5", "Shoes/New", "still written"), [picture("red", "stripes")])


async def test_running_again_mends_what_a_kill_in_the_middle_of_the_swap_left(
    shop: Catalog, new: Model
) -> None:
    change = await new.take_over()
    await new.generations.freeze(change.live)
    await new.generations.thaw(change.previous)
    assert await new.reembedding.run(new.identity) is None
    await (await new.catalog()).put(Product("5", "Shoes/New", "new"), [picture("red", "stripes")])
    with pytest.raises(StoreFrozen):
        await shop.put(Product("6", "Shoes/New", "unseen"), [picture("blue", "stripes")])


# Back and forth


async def test_a_rollback_takes_along_what_was_written_since(shop: Catalog, old: Model, new: Model) -> None:
    await new.take_over()
    after = await new.catalog()
    await after.put(Product("5", "Shoes/New", "added"), [picture("red", "stripes"), picture("green")])
    await after.put(Product("0", "Shoes/New", "moved"), [picture("red")])
    await after.delete("1")
    change = await old.reembedding.roll_back(old.identity)
    assert change is not None
    assert change.live.name == shop.generation.name
    assert (change.done.added, change.done.updated, change.done.deleted) == (2, 1, 3)
    assert await payloads(await old.live()) == await payloads(new.generations.open(change.previous))
    assert (await shop.similar_to_image(picture("red", "stripes"), Query())).matches[0].product.id == "5"
    await shop.put(Product("6", "Shoes/New", "written again"), [picture("blue", "stripes")])
    with pytest.raises(StoreFrozen):
        await after.put(Product("7", "Shoes/New", "unseen"), [picture("blue", "stripes")])
    again = await new.take_over()
    assert again.live.name == change.previous.name, "forward again, to the generation that is there"
    assert again.done.added == 1
    assert (await (await new.catalog()).get("6")).product.title == "written again"


async def test_a_rollback_that_ended_before_writes_were_let_in_is_mended_by_running_it_again(
    shop: Catalog, old: Model, new: Model
) -> None:
    await new.take_over()
    change = await old.reembedding.roll_back(old.identity)
    assert change is not None
    assert change.live.name == shop.generation.name
    await old.generations.freeze(change.live)
    assert await old.reembedding.roll_back(old.identity) is None
    await (await old.catalog()).put(Product("7", "Shoes/New", "taken"), [picture("red", "stripes")])


async def test_nothing_is_switched_where_somebody_let_writes_in_meanwhile(shop: Catalog, new: Model) -> None:
    async with Frozen(new.generations, shop.generation) as frozen:
        await frozen.hold()
        await new.generations.thaw(shop.generation)
        with pytest.raises(StoreTimedOut, match="Nothing was switched"):
            await frozen.hold()


async def test_a_rollback_wants_the_settings_of_the_generation_before(
    shop: Catalog, old: Model, new: Model
) -> None:
    with pytest.raises(StoreNotFound, match=shop.generation.name):
        await old.reembedding.roll_back(old.identity)
    await new.take_over()
    with pytest.raises(FingerprintMismatch, match=old.identity.fingerprint):
        await new.reembedding.roll_back(new.identity)
    assert await (await new.live()).count() == 2 * len(COLOURS)


async def test_old_generations_go_when_they_are_told_to(shop: Catalog, new: Model) -> None:
    change = await new.take_over()
    assert [generation.name for generation in await new.reembedding.drop_old()] == [change.previous.name]
    assert [generation.name for generation in await new.generations.known()] == [change.live.name]
    assert await new.reembedding.drop_old() == []
    with pytest.raises(StoreError):
        await shop.get("1")
    assert (await (await new.catalog()).get("1")).images


# Writes meanwhile


@pytest.mark.parametrize("seed", range(3))
async def test_writes_made_meanwhile_are_all_there_or_were_refused(
    shop: Catalog, new: Model, seed: int
) -> None:
    writers = [Writer(shop, f"{seed}.{number}") for number in range(3)]
    writing = [asyncio.create_task(writer.write_until_told()) for writer in writers]
    await asyncio.sleep(0.5)
    change = await new.take_over()
    for writer in writers:
        writer.stop = True
    await asyncio.gather(*writing)
    after = await payloads(await new.live())
    assert after == await payloads(new.generations.open(change.previous))
    acknowledged = sum(writer.check(after) for writer in writers)
    assert acknowledged > 3
    assert any(writer.refused for writer in writers), "nobody wrote as it switched"
    for writer in writers:
        with pytest.raises(StoreFrozen):
            await writer.step()


async def test_a_service_that_stayed_on_the_old_model_loses_nothing_at_a_rollback(
    shop: Catalog, old: Model, new: Model
) -> None:
    """It never left the generation that becomes live again, and keeps asking to write there."""
    await new.take_over()
    writer = Writer(shop, "stayed")
    writing = asyncio.create_task(writer.write_until_told())
    await old.reembedding.roll_back(old.identity)
    async with asyncio.timeout(20):
        await writer.wrote.wait()
    writer.stop = True
    await writing
    assert writer.check(await payloads(await old.live()))


async def test_a_run_that_fails_lets_writes_go_on(shop: Catalog, new: Model) -> None:
    def fail() -> None:
        raise OSError("the terminal is gone")

    new.at["last changes"] = fail
    with pytest.raises(OSError, match="terminal"):
        await new.take_over()
    await shop.put(Product("5", "Shoes/New", "still written"), [picture("red", "stripes")])
    await new.take_over()
    assert (await (await new.catalog()).get("5")).product.title == "still written"


# Kills


@pytest.mark.parametrize("stage", ["embedding anew", "catching up", "last changes"])
async def test_a_killed_run_leaves_the_old_generation_live_and_is_taken_up(
    tmp_path: Path, embedder: Embedder, stage: str
) -> None:
    data = tmp_path / "data"
    await filled(data, embedder, variants=10)
    died = await asyncio.to_thread(spawned, take_over_and_die, data, stage)
    assert died == -signal.SIGKILL
    generations, media = EdgeGenerations(data / "store"), open_media(None, data)
    async with model(embedder, generations, media) as old, model(other_embedder(), generations, media) as new:
        shop = await old.catalog()
        count = await shop.count_images()
        await shop.put(Product("0", "Shoes/New", "written since"), [picture("red")])
        change = await new.take_over()
        assert 0 < count - change.done.added < count or stage != "embedding anew"
        assert len(await generations.known()) == 2
        assert await (await new.live()).count() == count - 1
        assert (await (await new.catalog()).get("0")).product.title == "written since"
    await generations.aclose()
