import asyncio
from functools import partial

import pytest

from embedder import ImageLimits
from service.catalog.quality.looking import plainly
from service.commands.measurable import waiting
from tests.pictures import picture

pytestmark = pytest.mark.anyio


async def fetched(colour: str) -> bytes:
    return await asyncio.to_thread(picture, colour, side=32)


async def test_pictures_from_elsewhere_do_not_wait_for_each_other() -> None:
    """The loop's own threads bring them: were all of those waiting here, nothing would ever come."""
    images, told = [partial(waiting(fetched), "red") for _ in range(60)], list[int]()
    async with asyncio.timeout(20):
        plain = await plainly(images, ImageLimits(), lambda _, done, __: told.append(done))
    assert plain.readable.all()
    assert told == list(range(61))


async def test_whoever_is_cancelled_is_let_go() -> None:
    async def never(_: str) -> bytes:
        return await asyncio.Future[bytes]()

    looking = asyncio.create_task(
        plainly([partial(waiting(never), "red")] * 20, ImageLimits(), lambda *_: None)
    )
    await asyncio.sleep(0.1)
    looking.cancel()
    async with asyncio.timeout(5):
        with pytest.raises(asyncio.CancelledError):
            await looking
