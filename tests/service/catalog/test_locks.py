import asyncio

import pytest

from service.catalog.locks import NamedLocks

pytestmark = pytest.mark.anyio


async def test_holders_of_one_name_take_turns_and_others_do_not_wait() -> None:
    locks = NamedLocks()
    order: list[str] = []

    async def hold(label: str, *names: str) -> None:
        async with locks.hold(names):
            order.append(f"{label} in")
            await asyncio.sleep(0.01)
            order.append(f"{label} out")

    await asyncio.gather(hold("first", "a", "b"), hold("second", "b", "c"), hold("other", "d"))
    assert order.index("second in") > order.index("first out")
    assert order.index("other in") < order.index("first out")


async def test_two_that_name_the_same_in_opposite_order_both_finish() -> None:
    locks = NamedLocks()
    done: list[int] = []

    async def hold(number: int, *names: str) -> None:
        for _ in range(50):
            async with locks.hold(names):
                await asyncio.sleep(0)
        done.append(number)

    await asyncio.wait_for(asyncio.gather(hold(1, "a", "b"), hold(2, "b", "a", "a")), 5)
    assert sorted(done) == [1, 2]


async def test_names_nobody_holds_are_forgotten() -> None:
    locks = NamedLocks()
    async with locks.hold(["a", "b"]):
        assert len(locks._locks) == 2
    assert len(locks._locks) == 0
