"""`python -m benchmarks.ingest.own CATALOGUE`: the embedder's own rate on a catalogue's files, in images per second.

From bytes to vectors as ingestion asks for them, and nothing else: no thumbnail, no store, no files kept.
"""

import asyncio
import sys
import time
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embedder import Embedder, EmbedderConfig, ImageLimits, MicroBatcher, read_image

from .catalogue import IMAGES

_CALLERS = 96
_WARM = 64
_MOST = 1_500


def main() -> int:
    files = sorted((Path(sys.argv[1]) / IMAGES).iterdir())
    pictures = [file.read_bytes() for file in islice(files, _MOST)]
    embedder = Embedder.load(EmbedderConfig(weights="untrained", compilation="cached"))
    print(asyncio.run(_rate(embedder, pictures)))
    embedder.close()
    return 0


async def _rate(embedder: Embedder, pictures: list[bytes]) -> float:
    limits = ImageLimits()

    def prepare(data: bytes) -> NDArray[np.uint8]:
        return embedder.prepare(read_image(data, limits))

    async def call(left: list[bytes], batcher: MicroBatcher) -> None:
        while left:
            await batcher.embed(partial(prepare, left.pop()))

    async def all_of(some: list[bytes]) -> None:
        async with MicroBatcher(embedder, queue_size=_CALLERS) as batcher:
            await asyncio.gather(*(call(some, batcher) for _ in range(_CALLERS)))

    await all_of(pictures[:_WARM])
    started = time.perf_counter()
    await all_of(list(pictures))
    return len(pictures) / (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
