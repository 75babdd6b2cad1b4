import asyncio
import time
from threading import Event

import pytest

from service.catalog.together import to_its_end, whole

pytestmark = pytest.mark.anyio


async def test_a_thread_is_waited_for_however_often_one_is_cancelled() -> None:
    go, done = Event(), Event()

    def work() -> None:
        go.wait(5)
        time.sleep(0.02)
        done.set()

    waiting = asyncio.create_task(to_its_end(work))
    for _ in range(3):
        await asyncio.sleep(0.005)
        waiting.cancel()
        assert not waiting.done()
    go.set()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    assert done.is_set()


async def test_steps_that_are_begun_are_done_whoever_is_cancelled() -> None:
    steps = list[int]()

    async def work() -> None:
        for step in range(3):
            await asyncio.sleep(0.005)
            steps.append(step)

    waiting = asyncio.create_task(whole(work()))
    for _ in range(2):
        await asyncio.sleep(0.002)
        waiting.cancel()
    await asyncio.wait({waiting})
    assert (waiting.cancelled(), steps) == (True, [0, 1, 2])


async def test_what_goes_wrong_is_told_but_to_who_was_cancelled() -> None:
    def fail() -> None:
        time.sleep(0.01)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await to_its_end(fail)
    waiting = asyncio.create_task(to_its_end(fail))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
