"""Who may walk through the catalogue, and when."""

import asyncio

import pytest

from service.catalog.catalog import Catalog
from service.catalog.errors import WalksFull
from service.catalog.walking import Turns

pytestmark = pytest.mark.anyio


async def test_one_walks_at_a_time_and_few_wait() -> None:
    turns, walking, most = Turns(), 0, 0

    async def walk() -> None:
        nonlocal walking, most
        async with turns.turn():
            walking += 1
            most = max(most, walking)
            await asyncio.sleep(0.002)
            walking -= 1

    ends = await asyncio.gather(*(walk() for _ in range(24)), return_exceptions=True)
    assert most == 1
    assert [type(end) for end in ends] == [type(None)] * 5 + [WalksFull] * 19
    await walk()


async def test_all_walks_through_a_catalogue_take_turns(catalog: Catalog) -> None:
    walks = [catalog.duplicates(0.9) if n % 2 else catalog.misfits(0.9) for n in range(24)]
    ends = await asyncio.gather(*walks, return_exceptions=True)
    assert sum(isinstance(end, WalksFull) for end in ends) == 19
    assert (await catalog.duplicates(0.9)).found == []
