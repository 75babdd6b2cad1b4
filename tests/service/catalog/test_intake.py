"""What clients send, into the catalogue: bounded, in order, and nothing left locked by who goes away."""

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from service.catalog.catalog import Catalog
from service.catalog.fetching.fetcher import Fetcher
from service.catalog.fetching.limits import FetchLimits
from service.catalog.intake import Intake, SentProduct
from service.catalog.pictures import sha256
from service.catalog.products import Product
from service.catalog.sent import InvalidBase64, SentImages
from service.schemas.product_changes import ProductBatchIn, ProductIn
from tests.pictures import COLOURS, picture
from tests.service.catalog.fetching.fetchers import TLS, limits
from tests.service.catalog.fetching.image_server import answer, image_server

pytestmark = pytest.mark.anyio


@dataclass
class Gate:
    """Through which pictures come; it counts how many are on their way."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int = 0
    most: int = 0


@dataclass
class Given:
    """A picture that a client sent."""

    data: bytes
    gate: Gate | None = None
    image_url: str | None = None

    async def read(self, _: SentImages) -> bytes:
        if self.gate is not None:
            self.gate.inside += 1
            self.gate.most = max(self.gate.most, self.gate.inside)
            try:
                await self.gate.open.wait()
            finally:
                self.gate.inside -= 1
        if not self.data:
            raise InvalidBase64("The image is no base64 text.")
        return self.data


def sent(product_id: str, *pictures: Given, category: str = "Shoes") -> SentProduct:
    return SentProduct(Product(product_id, category), pictures)


@pytest.fixture
def intake(catalog: Catalog) -> Intake:
    return Intake(catalog, SentImages(Fetcher(FetchLimits(), None), max_image_bytes=100_000_000))


async def test_outcomes_stand_in_the_order_of_the_products_across_groups(
    intake: Intake, catalog: Catalog
) -> None:
    """Thirty-six are three groups."""
    colours = list(COLOURS)
    products = [sent(f"p{n}", Given(picture(colours[n % 4], variant=n % 3))) for n in range(36)]
    products[5] = sent("p5", Given(b""))
    products[17] = sent("p3", Given(picture("red")))
    products[18] = sent("p17", Given(picture("red")), category="")
    products[35] = sent("p18", Given(picture("red")))
    outcomes = await intake.put_all(products)
    assert [outcome.product_id for outcome in outcomes] == [one.product.id for one in products]
    rejected = {
        place: getattr(outcome.error, "code", None)
        for place, outcome in enumerate(outcomes)
        if outcome.state == "rejected"
    }
    assert rejected == {5: "invalid_base64", 17: "repeated_product", 18: "invalid_product"}
    assert await catalog.count_products() == 33
    assert {outcome.state for outcome in await intake.put_all(products[:3])} == {"unchanged"}


async def test_images_that_are_fetched_are_few_enough_for_memory_in_all_requests_together(
    intake: Intake,
) -> None:
    gate = Gate()
    puts = [
        asyncio.create_task(intake.put(sent(f"p{n}", Given(picture("red"), gate, "https://a.example/"))))
        for n in range(3)
    ]
    puts.append(
        asyncio.create_task(
            intake.put_all(
                [sent(f"b{n}", Given(picture("blue"), gate, "https://a.example/")) for n in range(3)]
            )  # type: ignore[arg-type]
        )
    )
    await asyncio.sleep(0.05)
    assert gate.inside == 2, "of a hundred megabytes each"
    here = await asyncio.wait_for(intake.put(sent("here", Given(picture("green")))), 5)
    assert here[0] == "added", "what came with its request waits for none of them"
    gate.open.set()
    await asyncio.gather(*puts)
    assert gate.most == 2


async def test_images_that_are_fetched_for_searches_share_that_room() -> None:
    inside, most = 0, 0
    async with image_server() as server, Fetcher(limits(), None, tls=TLS) as fetcher:
        server.replies["/red.jpg"] = answer(body=picture("red"))
        images = SentImages(fetcher, max_image_bytes=100_000_000)

        async def look() -> None:
            nonlocal inside, most
            async with images.held(server.url("/red.jpg")) as data:
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.005)
                inside -= 1
            assert data == picture("red")

        await asyncio.gather(*(look() for _ in range(8)))
        assert most == 2, "of a hundred megabytes each"
        async with images.room.of(200_000_000):
            waiting = asyncio.create_task(look())
            await asyncio.sleep(0.02)
            assert not waiting.done(), "a product's are being fetched"
        await waiting


def test_a_batch_names_no_more_addresses_than_can_be_waited_for() -> None:
    def batch(addresses: int) -> dict[str, Any]:
        pictures = [{"image_url": "https://a.example/"}] * 32
        products = [{"id": f"p{n}", "category": "Shoes", "images": pictures} for n in range(addresses // 32)]
        return {"products": products}

    ProductBatchIn.model_validate(batch(128))
    with pytest.raises(ValidationError, match="128 images at most"):
        ProductBatchIn.model_validate(batch(160))


async def test_images_come_from_where_they_lie_or_with_the_request(catalog: Catalog) -> None:
    red, blue = picture("red"), picture("blue")
    async with image_server() as server, Fetcher(limits(), None, tls=TLS) as fetcher:
        server.replies["/red.jpg"] = answer(body=red)
        pictures = [{"image_url": server.url("/red.jpg")}, {"image_base64": base64.b64encode(blue).decode()}]
        bodies: list[dict[str, Any]] = [
            {"id": "here", "category": "Shoes", "images": pictures},
            {"id": "away", "category": "Shoes", "images": [{"image_url": server.url("/gone.jpg")}]},
        ]
        products = [ProductIn.model_validate(body) for body in bodies]
        intake = Intake(catalog, SentImages(fetcher, limits().max_bytes))
        outcomes = await intake.put_all([product.sent(product.id) for product in products])
    assert [(outcome.state, getattr(outcome.error, "code", "")) for outcome in outcomes] == [
        ("added", ""),
        ("rejected", "image_not_fetched"),
    ]
    assert (await catalog.get("here")).images == [sha256(red), sha256(blue)]


async def test_no_image_is_asked_for_of_a_product_that_cannot_be(intake: Intake) -> None:
    gate = Gate()
    (outcome,) = await intake.put_all([sent("..", Given(picture("red"), gate, "https://a.example/"))])
    assert (outcome.state, gate.most) == ("rejected", 0)


async def test_who_goes_away_while_images_are_fetched_leaves_room_for_the_next(
    intake: Intake, catalog: Catalog
) -> None:
    gate = Gate()
    waiting = [
        asyncio.create_task(intake.put(sent(f"p{n}", Given(picture("red"), gate, "https://a.example/"))))
        for n in range(5)
    ]
    await asyncio.sleep(0.02)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert gate.inside == 0
    gate.open.set()
    state, _ = await asyncio.wait_for(
        intake.put(sent("p0", Given(picture("red"), gate, "https://a.example/"))), 5
    )
    assert state == "added"
    assert await catalog.count_products() == 1


async def test_a_write_that_is_cut_off_anywhere_locks_nobody_out_and_is_mended_by_the_next(
    intake: Intake, catalog: Catalog
) -> None:
    before, after = picture("red", "dots"), [picture("blue", variant=n) for n in range(3)]
    cut_off = 0
    for steps in [*range(0, 40, 8), *range(40, 400, 60)]:
        await intake.put(sent("p", Given(before), Given(after[0]), category="Bags"))
        wanted = sent("p", *map(Given, after))
        writing = asyncio.create_task(intake.put(wanted))
        for _ in range(steps):
            await asyncio.sleep(0)
        cut_off += writing.cancel()
        await asyncio.wait([writing])
        await asyncio.wait_for(intake.put(wanted), 5)
        product = await catalog.get("p")
        assert product.images == [sha256(data) for data in after]
        assert product.product.category == "Shoes"
        assert await catalog.count_images() == 3
        for data in after:
            assert await catalog.thumbnail(sha256(data))
    assert cut_off > 5
