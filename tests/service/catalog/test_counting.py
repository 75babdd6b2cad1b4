"""Counts of catalogues that are quickly counted, and of those that are not."""

import asyncio

import pytest

from service.catalog.counting import Counted

pytestmark = pytest.mark.anyio


class Asked:
    def __init__(self, answer: int, takes_s: float = 0.0) -> None:
        self.answer, self.takes_s, self.times = answer, takes_s, 0

    async def __call__(self) -> int:
        self.times += 1
        answer = self.answer
        await asyncio.sleep(self.takes_s)
        return answer


async def test_a_small_catalogue_is_counted_each_time() -> None:
    ask = Asked(3)
    counted = Counted(ask, int)
    assert await counted.get() == 3
    ask.answer = 4
    assert await counted.get() == 4


async def test_a_large_count_is_shared_and_then_believed_for_a_while() -> None:
    ask = Asked(1_000_000, takes_s=0.05)
    counted = Counted(ask, int)
    await counted.get()
    ask.answer = 2_000_000
    assert await asyncio.gather(*(counted.get() for _ in range(50))) == [1_000_000] * 50
    assert ask.times == 1
    await asyncio.sleep(20 * 0.06 + 0.2)
    assert await asyncio.gather(*(counted.get() for _ in range(50))) == [2_000_000] * 50
    assert ask.times == 2


async def test_a_large_catalogue_that_becomes_small_is_counted_each_time_again() -> None:
    ask = Asked(1_000_000)
    counted = Counted(ask, int)
    await counted.get()
    ask.answer = 5
    await asyncio.sleep(0.05)
    assert await counted.get() == 5
    ask.answer = 6
    assert await counted.get() == 6


async def test_whoever_gives_up_leaves_the_answer_to_the_others() -> None:
    ask = Asked(1_000_000, takes_s=0.01)
    counted = Counted(ask, int)
    await counted.get()
    await asyncio.sleep(0.3)
    ask.takes_s = 0.1
    waiting = [asyncio.create_task(counted.get()) for _ in range(3)]
    await asyncio.sleep(0.02)
    waiting[0].cancel()
    assert await asyncio.gather(*waiting[1:]) == [1_000_000] * 2
