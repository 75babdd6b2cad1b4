"""A contender's process: it says when its first vectors were there, and then measures what it is asked to."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.processes import answers_apart, serve

from .contenders import LOADERS, PIXELS, Contender, Pixels

if TYPE_CHECKING:
    from embedder import Embedder

_COMPILATION_S = 900.0
_RAMP_S = 0.5  # until the callers are spread as they will be


def images_per_s(step: Callable[[], object], images: int, seconds: float) -> float:
    done, elapsed, started = 0, 0.0, time.perf_counter()
    while elapsed < seconds:
        step()
        done, elapsed = done + images, time.perf_counter() - started
    return done / elapsed


async def callers_per_s(
    embedder: "Embedder",
    decode: Callable[[bytes], Pixels],
    jpegs: Iterator[bytes],
    callers: int,
    seconds: float,
) -> float:
    """Counted while all of them are at it: neither the start nor the end, when some wait for nobody."""
    from embedder import MicroBatcher

    begin = time.perf_counter() + _RAMP_S
    end, done = begin + seconds, 0

    async def call(batcher: MicroBatcher) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await batcher.embed(partial(decode, next(jpegs)))
            done += begin <= time.perf_counter() < end

    async with MicroBatcher(embedder) as batcher:
        await asyncio.gather(*(call(batcher) for _ in range(callers)))
    return done / seconds


class Worker:
    def __init__(self, contender: Contender, folder: Path) -> None:
        self._contender, self._folder = contender, folder
        self._pixels: list[Pixels] = list(np.load(folder / PIXELS))

    def start(self, started: float) -> dict[str, Any]:
        """`started` is by the system's monotonic clock, which all processes share."""
        self._contender.embed(self._pixels[:1])
        answer = {"about": self._contender.about, "first_vector_s": time.monotonic() - started}
        if self._contender.embedder:
            answer["runtime"] = self._contender.embedder.settle(_COMPILATION_S)
            self._contender.embed(self._pixels[:1])
            if answer["runtime"] == "compiled":
                answer["compiled_vector_s"] = time.monotonic() - started
        return answer

    def rate(self, kind: str, count: int, side: int, seconds: float) -> float:
        contender, jpegs = self._contender, cycle(self._jpegs(side))
        if kind == "pixels":
            batch = list(islice(cycle(self._pixels), count))
            return images_per_s(lambda: contender.embed(batch), count, seconds)
        if kind == "jpeg":
            return images_per_s(
                lambda: contender.embed([contender.decode(data) for data in islice(jpegs, count)]),
                count,
                seconds,
            )
        assert contender.embedder
        # Vectors come a batch at a time: it takes longer until one more or one less no longer matters.
        window_s = 2 * seconds
        return asyncio.run(callers_per_s(contender.embedder, contender.decode, jpegs, count, window_s))

    def save_vectors(self, path: str) -> int:
        # One by one and all at once: batches of different sizes may well take different ways.
        single = [self._contender.embed([picture])[0] for picture in self._pixels]
        np.save(path, np.stack([*single, *self._contender.embed(self._pixels)]))
        return len(single)

    def close(self) -> None:
        if self._contender.embedder:
            self._contender.embedder.close()

    def _jpegs(self, side: int) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self._folder / str(side)).glob("*.jpg"))]


def main() -> None:
    name, folder, cache, device, started = sys.argv[1:]

    def prepare() -> tuple[Worker, dict[str, Any]]:
        worker = Worker(LOADERS[name](Path(folder), Path(cache), device), Path(folder))
        return worker, worker.start(float(started))

    with answers_apart() as answers:
        serve(prepare, answers)


if __name__ == "__main__":
    main()
