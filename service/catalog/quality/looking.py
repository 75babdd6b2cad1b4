"""Every picture once, several at a time, and no more of them in memory than are being looked at."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from embedder import Embedder, ImageError, ImageLimits, MicroBatcher, read_image
from service.catalog.errors import CatalogError
from service.catalog.pictures import PictureReader
from service.catalog.quality.baselines import HISTOGRAM_DIM, THUMBNAIL_DIM, histogram, thumbnail
from service.catalog.quality.goods import Image, bytes_of
from service.catalog.quality.outcomes import OnProgress
from service.catalog.quality.ranking import Vectors

_AT_ONCE = 64
_THREADS = 8

T = TypeVar("T")


class _InThread(Protocol):
    def __call__(self, step: Callable[[], T], /) -> Awaitable[T]: ...


class Plain:
    """What the baselines see, and which pictures can be seen at all."""

    def __init__(self, images: int) -> None:
        self.histograms: Vectors = np.zeros((images, HISTOGRAM_DIM), np.float32)
        self.thumbnails: Vectors = np.zeros((images, THUMBNAIL_DIM), np.float32)
        self.readable: NDArray[np.bool_] = np.zeros(images, np.bool_)


async def plainly(images: Sequence[Image], limits: ImageLimits, on_progress: OnProgress) -> Plain:
    plain = Plain(len(images))

    def look(place: int) -> None:
        picture = read_image(bytes_of(images[place], limits.max_bytes), limits)
        plain.histograms[place] = histogram(picture)
        plain.thumbnails[place] = thumbnail(picture)
        plain.readable[place] = True

    with _threads() as in_thread:

        async def try_to_look(place: int) -> None:
            try:
                await in_thread(partial(look, place))
            except (ImageError, CatalogError, OSError):
                return  # counted as unread

        await _each(len(images), try_to_look, partial(on_progress, "reading"))
    return plain


async def embedded(
    embedder: Embedder,
    images: Sequence[Image],
    places: Sequence[int],
    limits: ImageLimits,
    on_progress: Callable[[int, int], None],
) -> tuple[Vectors, float]:
    """The vectors of these, zeros for the others, and how many a second there were."""
    vectors = np.zeros((len(images), embedder.dim), np.float32)
    with _threads() as in_thread:
        async with MicroBatcher(embedder, queue_size=2 * _AT_ONCE) as batcher:
            reader = PictureReader(embedder, batcher, limits)

            async def embed(nth: int) -> None:
                place = places[nth]
                data = await in_thread(partial(bytes_of, images[place], limits.max_bytes))
                vectors[place] = (await reader.read_query(data)).vector

            started = time.perf_counter()
            await _each(len(places), embed, on_progress)
    return vectors, len(places) / max(time.perf_counter() - started, 1e-9)


@contextmanager
def _threads() -> Iterator[_InThread]:
    """Of its own: a picture that comes from elsewhere is waited for here, while the loop's own threads bring it."""
    pool, loop = ThreadPoolExecutor(_THREADS, thread_name_prefix="looking"), asyncio.get_running_loop()

    def in_thread(step: Callable[[], T], /) -> Awaitable[T]:
        return loop.run_in_executor(pool, step)

    try:
        yield in_thread
    finally:
        pool.shutdown(
            wait=False, cancel_futures=True
        )  # whoever is cancelled must not wait for what the loop brings


async def _each(
    count: int, do: Callable[[int], Awaitable[None]], on_progress: Callable[[int, int], None]
) -> None:
    coming, done = iter(range(count)), 0
    on_progress(0, count)

    async def work() -> None:
        nonlocal done
        for place in coming:
            await do(place)
            done += 1
            on_progress(done, count)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(_AT_ONCE, count)):
                workers.create_task(work())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
