"""Run as a process by the tests: `write_history.py FOLDER SEED KIND START [END]`: a history, and how far it is.

Each line on its output is the number of writes that were acknowledged. With KIND `index` an index is built over
and over meanwhile; with KIND `swap` whole generations are written, made live and dropped, one a line.
"""

import asyncio
import logging
import sys
from itertools import count, islice
from pathlib import Path
from typing import cast

from migrations import runner
from service.store.edge_build import build as build_index
from service.store.edge_generations import EdgeGenerations
from service.store.live import open_live
from tests.service.store.history import Kind, generation, history, points_of


async def main(folder: Path, seed: int, kind: str, start: int, end: int | None = None) -> None:
    logging.basicConfig(stream=sys.stderr)
    generations = EdgeGenerations(folder)
    await open_live(generations, generation(start if kind == "swap" else 0), upgrade=True)
    tell(start)
    if kind == "swap":
        await swap(generations, start)
    elif kind == "index":
        await asyncio.gather(write(generations, seed, "mixed", start, end), index(generations))
    else:
        await write(generations, seed, cast("Kind", kind), start, end)
    await asyncio.Event().wait()


def tell(done: int) -> None:
    print(done, flush=True)  # noqa: T201 - for the test to read


async def write(generations: EdgeGenerations, seed: int, kind: Kind, start: int, end: int | None) -> None:
    live = await generations.live()
    assert live is not None
    store = generations.open(live)
    for number, one in enumerate(islice(history(seed, kind), start, end), start + 1):
        await one.do(store)
        tell(number)


async def index(generations: EdgeGenerations) -> None:
    live = await generations.live()
    assert live is not None
    while True:
        await build_index(generations.shard(live.name))


async def swap(generations: EdgeGenerations, start: int) -> None:
    for number in count(start + 1):
        old = await generations.live()
        assert old is not None
        new = await generations.begin(generation(number))
        await runner.upgrade(generations.schema(new))
        store = generations.open(new)
        for batch in points_of(number):
            await store.upsert(batch)
        await generations.activate(new)
        tell(number)
        await generations.drop(old)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:])))
