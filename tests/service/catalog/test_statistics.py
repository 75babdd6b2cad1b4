"""Who may wait for a count, for how long, and how often it is made."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from service.catalog import statistics
from service.catalog.distribution import Distributions
from service.catalog.errors import InvalidFilter, StillCounting
from service.catalog.parts import Distribution, Overview, Part
from service.catalog.products import Product, payload_of, point_id
from service.catalog.statistics import Statistics
from service.store.base import Identity, Point, VectorStore
from service.store.edge_generations import EdgeGenerations
from service.store.live import build

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[VectorStore]:
    generations = EdgeGenerations(tmp_path / "store")
    yield await build(generations, Identity("test.unit.1", 4, "cosine"))
    await generations.aclose()


async def add(store: VectorStore, product_id: str, category: str = "Shoes") -> None:
    payload = payload_of(Product(product_id, category), product_id, 0)
    await store.upsert([Point(point_id(product_id, product_id), payload, np.ones(4, np.float32))])


class Slow:
    """Makes each count take its time, and counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts = self.at_once = self.most_at_once = 0
        self.go = asyncio.Event()
        by = Distributions.by

        async def slowly(distributions: Distributions, name: str, top: int) -> Distribution:
            self.counts += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await self.go.wait()
            self.at_once -= 1
            return await by(distributions, name, top)

        monkeypatch.setattr(Distributions, "by", slowly)


async def test_a_small_catalogue_is_counted_anew_each_time(store: VectorStore) -> None:
    counted = Statistics(store)
    await add(store, "a")
    assert (await counted.get(["category"], 5)).products == 1
    await add(store, "b")
    assert (await counted.get(["category"], 5)).products == 2
    assert (await counted.get([], 5)).products == 2
    assert (await counted.get(["category", "category:2"], 5)).products == 2


async def test_whoever_asks_the_same_meanwhile_waits_for_the_same_count(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    counted = Statistics(store)
    asked = [asyncio.create_task(counted.get(["category"], 5)) for _ in range(50)]
    await asyncio.sleep(0.01)
    slow.go.set()
    assert len({id(answer) for answer in await asyncio.gather(*asked)}) == 1
    assert slow.counts == 1


async def test_a_count_goes_on_though_nobody_waits_and_is_believed_for_a_while(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    counted = Statistics(store, patience_s=0.02)
    await add(store, "a")
    monkeypatch.setattr(statistics, "_QUICK_S", 0.01)
    with pytest.raises(StillCounting):
        await counted.get(["category"], 5)
    gone = asyncio.create_task(counted.get(["category"], 5))
    await asyncio.sleep(0.005)
    gone.cancel()
    slow.go.set()
    await asyncio.gather(*counted._counting.values())
    await add(store, "b")
    assert (await counted.get(["category"], 5)).products == 1, "as it was when it was counted"
    assert slow.counts == 1
    assert (await counted.get(["category"], 6)).products == 1, "a part of the same answer"
    assert slow.counts == 1
    assert (await counted.get(["category:1"], 6)).products == 2, "another question"


async def test_one_count_at_a_time_and_few_wait(store: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    counted = Statistics(store)
    names = ["category", *(f"category:{level}" for level in range(1, 10)), "a", "b"]
    asked = [asyncio.create_task(counted.get([name], 50)) for name in names]
    await asyncio.sleep(0.05)
    slow.go.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, StillCounting) for answer in answers) == 4
    assert (slow.counts, slow.most_at_once) == (8, 1)


async def test_however_many_values_are_asked_for_they_are_counted_once(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    counted, exact = Statistics(store), Distributions(store)
    for number in range(21):
        await add(store, f"{number}", f"Kind {number % 6}")
    asked = [asyncio.create_task(counted.get(["category"], top)) for top in range(1, 13)]
    await asyncio.sleep(0.05)
    slow.go.set()
    found = await asyncio.gather(*asked)
    assert slow.counts == 1
    for top, answer in zip(range(1, 13), found, strict=True):
        wanted = await exact.by("category", top)
        assert isinstance(answer, Distribution)
        assert answer.parts == wanted.parts
        assert (answer.without, answer.note) == (wanted.without, wanted.note)
        assert (answer.others is None) == (wanted.others is None) == (top >= 6)
        if answer.others is not None and wanted.others is not None:
            assert answer.others.products == wanted.others.products == await count(store, answer.others)


async def test_a_product_with_several_values_is_in_others_once(store: VectorStore) -> None:
    await store.ensure_index("attributes.tags", "keyword")
    for number, tags in enumerate((["a", "b"], ["a", "b", "c"], ["a", "c", "d"], ["d"])):
        payload = payload_of(Product(f"{number}", "Shoes", "", {"tags": tags}), f"{number}", 0)
        await store.upsert([Point(point_id(f"{number}", f"{number}"), payload, np.ones(4, np.float32))])
    answer = await Statistics(store).get(["tags"], 1)
    assert isinstance(answer, Distribution)
    assert answer.others is not None
    assert answer.others.products == 1, "that has no a; the counts of b, c and d make seven less two"


async def test_whoever_asks_one_thing_in_every_way_leaves_room_for_others(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_on, go = Distributions.overview, asyncio.Event()

    async def slowly(distributions: Distributions, top: int) -> Overview:
        await go.wait()
        return await went_on(distributions, top)

    monkeypatch.setattr(Distributions, "overview", slowly)
    counted = Statistics(store)
    asked = [asyncio.create_task(counted.get([], top)) for top in range(1, 51)]
    await asyncio.sleep(0.02)
    other = asyncio.create_task(counted.get(["category"], 10))
    await asyncio.sleep(0.02)
    go.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, StillCounting) for answer in answers) == 48
    assert (await other).products == 0


async def count(store: VectorStore, part: Part) -> int:
    return await store.count(part.where)


async def test_what_cannot_be_counted_is_said_to_each_who_asked(store: VectorStore) -> None:
    counted = Statistics(store)
    answers = await asyncio.gather(*(counted.get(["size"], 5) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [InvalidFilter] * 3
    with pytest.raises(InvalidFilter):
        await counted.get(["size"], 5)
