"""Run as a process by test_edge_process: writes batches of ten and prints how many points were acknowledged."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from service.store.base import Identity
from service.store.edge_generations import EdgeGenerations
from service.store.live import open_live
from tests.service.store.points import point, vector


async def main() -> None:
    generations = EdgeGenerations(Path(sys.argv[1]))
    store = await open_live(generations, Identity("test.unit.1", 8, "cosine"), upgrade=True)
    for batch in count():
        await store.upsert([point(batch * 10 + n, vector(1, n)) for n in range(10)])
        print((batch + 1) * 10, flush=True)  # noqa: T201


asyncio.run(main())
