"""Whether a request may be sent here: asked of a real store and a real embedder."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embedder import DeviceError, Embedder, EmbedderConfig, ImageLimits, MicroBatcher
from service import readiness as readiness_module
from service.catalog.catalog import Catalog
from service.catalog.media import open_media
from service.catalog.pictures import PictureReader
from service.readiness import Readiness
from service.store.base import Identity
from service.store.edge_generations import EdgeGenerations
from service.store.edge_options import EdgeOptions
from service.store.live import build

pytestmark = pytest.mark.anyio

READY = {"store": None, "embedder": None, "stopping": None}


@pytest.fixture
async def batcher(embedder: Embedder) -> AsyncIterator[MicroBatcher]:
    async with MicroBatcher(embedder) as batcher:
        yield batcher


@pytest.fixture
async def generations(tmp_path: Path) -> AsyncIterator[EdgeGenerations]:
    opened = EdgeGenerations(tmp_path / "data" / "store", EdgeOptions(timeout_s=2.0, stalled_s=1.0))
    yield opened
    await opened.aclose()


@pytest.fixture
async def catalog(
    generations: EdgeGenerations, embedder: Embedder, batcher: MicroBatcher, tmp_path: Path
) -> Catalog:
    store = await build(generations, Identity(embedder.fingerprint, embedder.dim, "cosine"))
    reader = PictureReader(embedder, batcher, ImageLimits())
    return Catalog(store, open_media(None, tmp_path / "data"), reader)


def picture() -> NDArray[np.uint8]:
    return np.zeros((224, 224, 3), np.uint8)


def wrong_shape() -> NDArray[np.uint8]:
    return np.zeros((10, 10, 3), np.uint8)


async def test_an_embedder_that_failed_once_is_tried_and_found_well(
    catalog: Catalog, embedder: Embedder, batcher: MicroBatcher
) -> None:
    readiness = Readiness(catalog, embedder, batcher, asyncio.Event())
    with pytest.raises(DeviceError):
        await batcher.embed(wrong_shape)
    assert batcher.failing
    assert await readiness.checks() == READY
    assert not batcher.failing


async def test_an_embedder_that_goes_on_failing_is_told_and_each_change_is_logged_once(
    catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    broken = await asyncio.to_thread(Embedder.load, EmbedderConfig(weights="untrained", compilation="off"))
    async with MicroBatcher(broken) as batcher:
        broken.close()
        readiness = Readiness(catalog, broken, batcher, asyncio.Event())
        assert await readiness.checks() == READY
        with pytest.raises(DeviceError):
            await batcher.embed(wrong_shape)
        for _ in range(3):
            assert await readiness.checks() == READY | {"embedder": "device_error"}
    lines = [record.getMessage() for record in caplog.records if record.name == "service.readiness"]
    assert lines == ["ready: embedder is device_error"]


async def test_a_device_that_hangs_is_found_out_and_found_well_again(
    catalog: Catalog, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness_module, "_HUNG_S", 0.2)
    monkeypatch.setattr(readiness_module, "_WITHIN_S", 0.1)
    async with MicroBatcher(embedder, queue_size=2, pass_deadline_s=0.5) as batcher:
        readiness = Readiness(catalog, embedder, batcher, asyncio.Event())
        with monkeypatch.context() as hanging:
            hanging.setattr(embedder, "submit", lambda _: Future())
            waiting = asyncio.create_task(batcher.embed(picture))
            await asyncio.sleep(0.05)
            assert await readiness.checks() == READY, "a pass may take a moment"
            await asyncio.sleep(0.2)
            assert await readiness.checks() == READY | {"embedder": "device_error"}
            with pytest.raises(DeviceError, match="in time"):
                await waiting
            for _ in range(4):
                assert await readiness.checks() == READY | {"embedder": "device_error"}, "also between passes"
                await asyncio.sleep(0.1)
        while await readiness.checks() != READY:  # noqa: ASYNC110 - as soon as the one that tries has its answer
            await asyncio.sleep(0.05)


async def test_a_service_that_is_about_to_end_is_not_ready(
    catalog: Catalog, embedder: Embedder, batcher: MicroBatcher
) -> None:
    stopping = asyncio.Event()
    readiness = Readiness(catalog, embedder, batcher, stopping)
    assert await readiness.checks() == READY
    stopping.set()
    assert await readiness.checks() == READY | {"stopping": "stopping"}


async def test_asking_alone_ends_a_store_that_hangs(
    catalog: Catalog, generations: EdgeGenerations, embedder: Embedder, batcher: MicroBatcher
) -> None:
    """A service that is not ready gets no other requests, so nothing else would."""
    readiness = Readiness(catalog, embedder, batcher, asyncio.Event())
    assert await readiness.checks() == READY
    hung = generations.shard(catalog.generation.name).pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)
    started = time.perf_counter()
    assert await readiness.checks() == READY | {"store": "store_timed_out"}
    assert time.perf_counter() - started < 1.8
    while await readiness.checks() != READY:
        assert time.perf_counter() - started < 10
    assert generations.shard(catalog.generation.name).pid != hung
