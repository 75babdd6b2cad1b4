"""A shop's owner who never stops: products come, change and go, and what was acknowledged is remembered."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from service.catalog.catalog import Catalog
from service.catalog.pictures import sha256
from service.catalog.products import Product
from service.store.base import Payload
from service.store.errors import StoreFrozen
from tests.pictures import COLOURS, picture

_PRODUCTS = 6


@cache
def _pictures() -> list[bytes]:
    return [
        picture(colour, "stripes", variant=variant, side=64) for colour in COLOURS for variant in range(4)
    ]


@dataclass
class Writer:
    catalog: Catalog
    name: str
    stop: bool = False
    acknowledged: int = 0
    refused: int = 0
    state: dict[str, tuple[int, frozenset[str]] | None] = field(default_factory=dict)
    """What must be there: a product's price and images, or None where it was deleted."""
    wrote: asyncio.Event = field(default_factory=asyncio.Event)
    unsure: set[str] = field(default_factory=set)
    """Refused: it may have been half written before."""

    def __post_init__(self) -> None:
        self._random = random.Random(self.name)

    async def write_until_told(self) -> None:
        while not self.stop:
            try:
                await self.step()
            except StoreFrozen:
                self.refused += 1
            await asyncio.sleep(0.01)

    async def step(self) -> None:
        product_id = f"{self.name}/{self._random.randrange(_PRODUCTS)}"
        self.unsure.add(product_id)
        if self.state.get(product_id) and self._random.random() < 0.3:
            await self.catalog.delete(product_id)
            self.state[product_id] = None
        else:
            await self._put(product_id)
        self.unsure.discard(product_id)
        self.acknowledged += 1
        self.wrote.set()

    async def _put(self, product_id: str) -> None:
        price = self._random.randrange(1_000_000)
        images = self._random.sample(_pictures(), self._random.choice([1, 1, 2]))
        await self.catalog.put(Product(product_id, "Apparel/Written", "", {"price": price}), images)
        self.state[product_id] = price, frozenset(map(sha256, images))

    def check(self, points: Mapping[str, Payload]) -> int:
        """Raises where something acknowledged is lost, or something deleted is back; gives how much was checked."""
        for product_id in self.state.keys() - self.unsure:
            mine = [payload for payload in points.values() if payload["product_id"] == product_id]
            found = {(payload["attributes"]["price"], payload["image"]) for payload in mine}
            expected = self.state[product_id]
            assert found == ({(expected[0], image) for image in expected[1]} if expected else set()), (
                product_id
            )
        return self.acknowledged
