import asyncio
import gc
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextvars import ContextVar
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from embedder import (
    ConfigError,
    DeviceError,
    Embedder,
    EmbedderClosed,
    ImageError,
    MicroBatcher,
    Overloaded,
    read_image,
)

Pixels = NDArray[np.uint8]
Prepare = Callable[[], Pixels]


def run(scenario: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 30))


def picture(seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (224, 224, 3), dtype=np.uint8)


def wrong_shape() -> Pixels:
    return np.zeros((10, 10, 3), np.uint8)


def threads_of_ours() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("embedder-decode")]


class Gate:
    """A `prepare` that waits to be let through, and tells that it has begun."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def __call__(self) -> Pixels:
        self.begun.set()
        assert self.open.wait(10)
        return picture(0)


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for happens in threads
        await asyncio.sleep(0.005)


def test_each_caller_gets_the_vector_of_its_own_picture(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder, max_batch=4) as batcher:
            vectors = await asyncio.gather(*(batcher.embed(partial(picture, i)) for i in range(10)))
        np.testing.assert_allclose(
            np.stack(vectors), embedder.embed([picture(i) for i in range(10)]), atol=1e-6
        )
        assert all(vector.shape == (2048,) and vector.dtype == np.float32 for vector in vectors)

    run(scenario)


def test_those_who_wait_share_a_forward_pass(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    forward = embedder.submit

    def counted(pixels: list[Pixels]) -> Future[NDArray[np.float32]]:
        sizes.append(len(pixels))
        return forward(pixels)

    async def scenario() -> None:
        async with MicroBatcher(embedder, max_batch=4) as batcher:
            await asyncio.gather(*(batcher.embed(lambda: picture(1)) for _ in range(12)))

    monkeypatch.setattr(embedder, "submit", counted)
    run(scenario)
    assert sum(sizes) == 12
    assert max(sizes) == 4
    assert len(sizes) < 8


def test_a_lone_caller_does_not_wait_for_company(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            started = time.perf_counter()
            embedder.embed([picture(1)])
            alone = time.perf_counter() - started
            started = time.perf_counter()
            await batcher.embed(lambda: picture(1))
            assert time.perf_counter() - started < 5 * alone + 0.1

    run(scenario)


def test_what_prepare_raises_reaches_its_own_caller_and_nobody_else(embedder: Embedder) -> None:
    trouble = KeyError("mine")

    def troubled() -> Pixels:
        raise trouble

    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            good, bad, ugly = await asyncio.gather(
                batcher.embed(lambda: picture(1)),
                batcher.embed(troubled),
                batcher.embed(lambda: embedder.prepare(read_image(b"<svg/>"))),
                return_exceptions=True,
            )
            assert isinstance(good, np.ndarray)
            assert bad is trouble
            assert isinstance(ugly, ImageError)
            assert batcher.queue_depth == 0

    run(scenario)


def test_a_device_failure_fails_its_batch_and_the_next_one_works(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            failures = await asyncio.gather(
                *(batcher.embed(wrong_shape) for _ in range(3)), return_exceptions=True
            )
            assert all(isinstance(failure, DeviceError) for failure in failures)
            assert all(isinstance(failure.__cause__, ValueError) for failure in failures)  # type: ignore[union-attr]
            assert len({id(failure) for failure in failures}) == 3
            np.testing.assert_allclose(
                await batcher.embed(lambda: picture(4)), embedder.embed([picture(4)])[0], atol=1e-6
            )

    run(scenario)


def test_a_full_queue_refuses_with_a_time_to_come_back(embedder: Embedder) -> None:
    async def scenario() -> None:
        gate = Gate()
        async with MicroBatcher(embedder, queue_size=3, decode_threads=1) as batcher:
            admitted = [asyncio.create_task(batcher.embed(gate)) for _ in range(3)]
            await until(gate.begun.is_set)
            assert batcher.queue_depth == 3
            with pytest.raises(Overloaded) as refusal:
                await batcher.embed(lambda: picture(1))
            assert 0 < refusal.value.retry_after_s <= 60
            gate.open.set()
            await asyncio.gather(*admitted)
            assert batcher.queue_depth == 0
            await batcher.embed(lambda: picture(1))

    run(scenario)


def test_the_time_to_come_back_grows_with_the_work_ahead(embedder: Embedder) -> None:
    async def refused_after(queue_size: int) -> float:
        gate = Gate()
        async with MicroBatcher(embedder, queue_size=queue_size, decode_threads=1) as batcher:
            await batcher.embed(lambda: time.sleep(0.2) or picture(1))  # type: ignore[func-returns-value]
            admitted = [asyncio.create_task(batcher.embed(gate)) for _ in range(queue_size)]
            await until(gate.begun.is_set)
            with pytest.raises(Overloaded) as refusal:
                await batcher.embed(gate)
            gate.open.set()
            await asyncio.gather(*admitted)
        return refusal.value.retry_after_s

    async def scenario() -> None:
        assert await refused_after(8) > 2 * await refused_after(2) > 0.7

    run(scenario)


def test_cancelled_callers_are_skipped_and_make_room(embedder: Embedder) -> None:
    async def scenario() -> None:
        gate, unwanted = Gate(), Gate()
        async with MicroBatcher(embedder, queue_size=4, decode_threads=1) as batcher:
            first = asyncio.create_task(batcher.embed(gate))
            await until(gate.begun.is_set)
            late = [asyncio.create_task(batcher.embed(unwanted)) for _ in range(3)]
            await until(lambda: batcher.queue_depth == 4)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            assert all(task.cancelled() for task in late)
            assert batcher.queue_depth == 1
            gate.open.set()
            assert (await first).shape == (2048,)
        assert not unwanted.begun.is_set()

    run(scenario)


def test_callers_may_be_cancelled_at_any_moment(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder, max_batch=2, queue_size=64) as batcher:
            tasks = [asyncio.create_task(batcher.embed(lambda: picture(1))) for _ in range(24)]
            for number, task in enumerate(tasks):
                if number % 2:
                    await asyncio.sleep(0.02)
                    task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(outcome, np.ndarray) for outcome in outcomes[::2])
            assert batcher.queue_depth == 0
            assert (await batcher.embed(lambda: picture(1))).shape == (2048,)

    run(scenario)


def test_closing_serves_everyone_who_was_admitted(embedder: Embedder) -> None:
    async def scenario() -> None:
        batcher = MicroBatcher(embedder, max_batch=2)
        await batcher.start()
        admitted = [asyncio.create_task(batcher.embed(lambda: picture(1))) for _ in range(7)]
        await until(lambda: batcher.queue_depth == 7)
        closing = asyncio.create_task(batcher.aclose())
        await asyncio.sleep(0)
        with pytest.raises(EmbedderClosed):
            await batcher.embed(lambda: picture(1))
        assert len([vector.shape for vector in await asyncio.gather(*admitted)]) == 7
        await closing

    run(scenario)


def test_a_closed_batcher_stays_closed_and_may_be_closed_again(embedder: Embedder) -> None:
    async def scenario() -> None:
        batcher = MicroBatcher(embedder)
        with pytest.raises(EmbedderClosed):
            await batcher.embed(lambda: picture(1))
        await batcher.start()
        await batcher.start()
        await asyncio.gather(batcher.aclose(), batcher.aclose())
        await batcher.aclose()
        for again in (batcher.start, lambda: batcher.embed(lambda: picture(1))):
            call: Awaitable[object] = again()
            with pytest.raises(EmbedderClosed):
                await call

    run(scenario)


def test_a_batcher_that_was_never_started_can_be_closed(embedder: Embedder) -> None:
    run(MicroBatcher(embedder).aclose)


def test_nothing_is_left_running(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            await asyncio.gather(*(batcher.embed(lambda: picture(1)) for _ in range(4)))
            assert threads_of_ours()
        assert threads_of_ours() == []
        assert not any(task.get_name() == "micro-batcher" for task in asyncio.all_tasks())

    run(scenario)


def test_a_close_that_is_given_up_leaves_nobody_waiting_and_no_thread(embedder: Embedder) -> None:
    async def scenario() -> None:
        gate = Gate()
        batcher = MicroBatcher(embedder, max_batch=1, decode_threads=2)
        await batcher.start()
        admitted = [asyncio.create_task(batcher.embed(gate))]
        admitted += [asyncio.create_task(batcher.embed(lambda: picture(1))) for _ in range(12)]
        await until(lambda: gate.begun.is_set() and batcher.queue_depth < 13)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(batcher.aclose(), 0.01)
        gate.open.set()
        outcomes = await asyncio.gather(*admitted, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {np.ndarray, EmbedderClosed}
        await until(lambda: threads_of_ours() == [])

    run(scenario)


def test_a_pass_given_up_before_it_began_leaves_nobody_waiting(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            caller = asyncio.create_task(batcher._passed_on(picture(1)))
            await asyncio.sleep(0)
            (forward,) = batcher._passes
            forward.cancel()
            with pytest.raises(EmbedderClosed):
                await asyncio.wait_for(caller, 5)

    run(scenario)


def test_failures_nobody_waits_for_make_no_noise(
    embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder, max_batch=2) as batcher:
            tasks = [asyncio.create_task(batcher.embed(wrong_shape)) for _ in range(8)]
            await asyncio.sleep(0.005)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        gc.collect()

    with caplog.at_level(logging.DEBUG, logger="asyncio"):
        run(scenario)
        gc.collect()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("wrong", [{"max_batch": 0}, {"queue_size": 0}, {"decode_threads": -1}])
def test_sizes_that_cannot_work_are_refused(embedder: Embedder, wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        MicroBatcher(embedder, **wrong)  # type: ignore[arg-type]


def test_each_pass_is_told_with_its_size_and_time(embedder: Embedder) -> None:
    async def scenario() -> None:
        told: list[tuple[int, float]] = []
        async with MicroBatcher(
            embedder, max_batch=4, on_batch=lambda images, seconds: told.append((images, seconds))
        ) as batcher:
            await asyncio.gather(*(batcher.embed(partial(picture, seed)) for seed in range(6)))
        assert sum(images for images, _ in told) == 6
        assert all(images <= 4 and seconds > 0 for images, seconds in told)

    run(scenario)


def test_a_batcher_knows_whether_its_last_pass_failed(embedder: Embedder) -> None:
    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            known = [batcher.failing]
            with pytest.raises(DeviceError):
                await batcher.embed(wrong_shape)
            known.append(batcher.failing)
            await batcher.embed(partial(picture, 1))
            assert [*known, batcher.failing] == [False, True, False]

    run(scenario)


def test_an_image_is_prepared_in_its_callers_context(embedder: Embedder) -> None:
    name: ContextVar[str] = ContextVar("name")
    seen: list[str] = []

    def prepare() -> Pixels:
        seen.append(name.get())
        return picture(0)

    async def asked(batcher: MicroBatcher, by: str) -> None:
        name.set(by)
        await batcher.embed(prepare)

    async def scenario() -> None:
        async with MicroBatcher(embedder) as batcher:
            await asyncio.gather(*(asyncio.create_task(asked(batcher, by)) for by in "abc"))
        assert sorted(seen) == ["a", "b", "c"]

    run(scenario)
