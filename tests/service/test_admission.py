"""Who is let in with a body: asked of a real batcher."""

import asyncio
import threading
from contextlib import ExitStack

import numpy as np
import pytest
from numpy.typing import NDArray

from embedder import Embedder, MicroBatcher, Overloaded
from service.admission import Admission

pytestmark = pytest.mark.anyio


async def test_one_party_takes_a_quarter_of_the_room_and_gives_it_back(embedder: Embedder) -> None:
    async with MicroBatcher(embedder, queue_size=20) as batcher:
        admission = Admission(batcher)
        with ExitStack() as inside:
            for _ in range(20):
                inside.enter_context(admission.room("one", for_device=True))
            with pytest.raises(Overloaded):
                inside.enter_context(admission.room("one", for_device=False))
            for number in range(60):
                inside.enter_context(admission.room(f"others {number % 3}", for_device=True))
            with pytest.raises(Overloaded):
                inside.enter_context(admission.room("a fifth", for_device=True))
        with admission.room("one", for_device=True):
            pass


async def test_a_full_queue_is_in_the_way_of_those_who_surely_want_the_device(embedder: Embedder) -> None:
    open_ = threading.Event()

    def waits() -> NDArray[np.uint8]:
        assert open_.wait(10)
        return np.zeros((224, 224, 3), np.uint8)

    async with MicroBatcher(embedder, queue_size=1) as batcher:
        embedding = asyncio.create_task(batcher.embed(waits))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded), Admission(batcher).room("one", for_device=True):
            pass
        with Admission(batcher).room("one", for_device=False):
            pass
        open_.set()
        await embedding
