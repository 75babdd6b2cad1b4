"""Freezing across processes: two stores that share nothing but the server."""

import asyncio
import contextlib
import time
from typing import Any

import pytest
from qdrant_client import AsyncQdrantClient, models

from service.store.base import Identity
from service.store.errors import StoreFrozen
from service.store.live import build
from service.store.server_generations import ServerGenerations
from tests.service.store.points import point, vector

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
]

TIMEOUT_S = 0.4
BELIEVED_S = 0.2
IDENTITY = Identity("test.unit.1", 8, "cosine")


class LaggingClient(AsyncQdrantClient):
    """A network between the look at the flag and the write: each upsert is on its way for a while."""

    lag_s = 0.0

    async def upsert(self, *arguments: Any, **named: Any) -> models.UpdateResult:
        await asyncio.sleep(self.lag_s)
        return await super().upsert(*arguments, **named)


def another_process(client: AsyncQdrantClient) -> ServerGenerations:
    return ServerGenerations(client, "products", TIMEOUT_S, believed_s=BELIEVED_S)


async def test_no_writer_of_another_process_lands_after_a_freeze_returned() -> None:
    client = LaggingClient(":memory:")
    freezing = another_process(client)
    counting = await build(freezing, IDENTITY)
    client.lag_s = TIMEOUT_S * 0.9  # the slowest that is still in time
    stores = [another_process(client).open(counting.generation) for _ in range(3)]
    acknowledged: list[float] = []

    async def write_on(writer: int) -> None:
        number = 0
        with contextlib.suppress(StoreFrozen):
            while True:
                number += 1
                await stores[writer].upsert([point(writer * 10_000 + number, vector(1, number))])
                acknowledged.append(time.monotonic())

    writers = [asyncio.create_task(write_on(writer % 3)) for writer in range(9)]
    await asyncio.sleep(0.5)
    await freezing.freeze(counting.generation)
    returned, held = time.monotonic(), await counting.count()
    await asyncio.sleep(0.6)
    assert await counting.count() == held
    assert all(writer.done() for writer in writers)
    await asyncio.gather(*writers)
    assert acknowledged
    assert max(acknowledged) <= returned


async def test_a_thaw_lets_the_next_write_of_another_process_pass() -> None:
    client = AsyncQdrantClient(":memory:")
    freezing, writing = another_process(client), another_process(client)
    generation = (await build(freezing, IDENTITY)).generation
    store = writing.open(generation)
    await store.upsert([point(1, vector(1))])
    await freezing.freeze(generation)
    for _ in range(2):
        with pytest.raises(StoreFrozen, match="restart this service"):
            await store.upsert([point(2, vector(1))])
    await freezing.thaw(generation)
    await store.upsert([point(2, vector(1))])
    assert await store.count() == 2


async def test_the_flag_is_looked_at_once_a_moment_and_not_for_each_write() -> None:
    looks = 0

    class Counting(AsyncQdrantClient):
        async def get_collection(self, *arguments: Any, **named: Any) -> models.CollectionInfo:
            nonlocal looks
            looks += 1
            return await super().get_collection(*arguments, **named)

    generations = another_process(Counting(":memory:"))
    store = await build(generations, IDENTITY)
    looks = 0
    for number in range(20):
        await store.upsert([point(number, vector(1))])
    assert looks == 1
    await asyncio.sleep(BELIEVED_S)
    await store.upsert([point(30, vector(1))])
    assert looks == 2


async def test_a_frozen_generation_may_still_be_indexed() -> None:
    generations = another_process(AsyncQdrantClient(":memory:"))
    store = await build(generations, IDENTITY)
    await generations.freeze(store.generation)
    await store.ensure_index("attributes.colour", "keyword")
    assert (await store.indexes())["attributes.colour"] == "keyword"


async def test_freezing_and_the_journal_do_not_disturb_each_other() -> None:
    generations = another_process(AsyncQdrantClient(":memory:"))
    store = await build(generations, IDENTITY)
    applied = await generations.schema(store.generation).applied()
    await generations.freeze(store.generation)
    assert await generations.schema(store.generation).applied() == applied
    live = await generations.live()
    assert live is not None
    assert live.identity == IDENTITY
