import asyncio

import pytest

from service.catalog.room import Room

pytestmark = pytest.mark.anyio


async def test_no_more_is_taken_at_once_than_there_is() -> None:
    room, taken, most = Room(100), 0, 0

    async def work(bytes_: int) -> None:
        nonlocal taken, most
        async with room.of(bytes_):
            taken += bytes_
            most = max(most, taken)
            await asyncio.sleep(0.005)
            taken -= bytes_

    await asyncio.gather(*(work(bytes_) for bytes_ in (40, 70, 30, 60, 100, 10, 90)))
    assert taken == 0
    assert most <= 100


async def test_what_is_larger_than_the_room_has_it_alone() -> None:
    room, order = Room(100), list[str]()

    async def work(name: str, bytes_: int) -> None:
        async with room.of(bytes_):
            order.append(f"{name} in")
            await asyncio.sleep(0.01)
            order.append(f"{name} out")

    await asyncio.gather(work("small", 10), work("huge", 1_000))
    assert order == ["small in", "small out", "huge in", "huge out"]


async def test_whoever_gives_up_waiting_takes_nothing() -> None:
    room = Room(100)

    async def work() -> None:
        async with room.of(50):
            raise AssertionError("there is no room")

    async with room.of(100):
        waiting = asyncio.create_task(work())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(1), room.of(100):
        pass


async def test_a_large_piece_does_not_wait_for_ever_while_small_ones_come() -> None:
    room, order = Room(100), list[str]()

    async def work(name: str, bytes_: int) -> None:
        async with room.of(bytes_):
            order.append(name)
            await asyncio.sleep(0.005)

    works = [asyncio.create_task(work(f"small {n}", 40)) for n in range(2)]
    await asyncio.sleep(0)
    works += [asyncio.create_task(work("large", 100))]
    for n in range(2, 8):
        await asyncio.sleep(0.002)
        works += [asyncio.create_task(work(f"small {n}", 40))]
    await asyncio.gather(*works)
    assert order == ["small 0", "small 1", "large", *(f"small {n}" for n in range(2, 8))]


async def test_who_takes_nothing_waits_for_nobody() -> None:
    room = Room(100)
    async with room.of(100):
        waiting = asyncio.create_task(_held(room, 50))
        await asyncio.sleep(0)
        async with asyncio.timeout(1), room.of(0):
            pass
    await waiting


async def _held(room: Room, bytes_: int) -> None:
    async with room.of(bytes_):
        pass
