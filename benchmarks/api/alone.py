"""`python -m benchmarks.api.alone FOLDER COMPILATION`: the embedder from the bytes of JPEGs to vectors, with no service
around it. It waits until its graphs are compiled, and so sees to it that a service finds them."""

import asyncio
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, cast

from benchmarks.embed.worker import callers_per_s
from benchmarks.processes import answers_apart, serve
from embedder import Embedder, EmbedderConfig, read_image
from embedder.config import Compilation

from .figures import CLIENTS

_COMPILATION_S = 900.0


class Worker:
    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._jpegs: dict[str, Iterator[bytes]] = {
            side.name: cycle([path.read_bytes() for path in sorted(side.glob("*.jpg"))])
            for side in folder.iterdir()
        }

    def per_s(self, side: int, seconds: float) -> float:
        """With as many callers as a service has clients at most: all lanes are busy, and decoding has a queue."""
        embedder = self._embedder
        rate = callers_per_s(
            embedder,
            lambda data: embedder.prepare(read_image(data)),
            self._jpegs[str(side)],
            max(CLIENTS),
            seconds,
        )
        return asyncio.run(rate)

    def close(self) -> None:
        self._embedder.close()


def main() -> None:
    folder, compilation = sys.argv[1:]

    def prepare() -> tuple[Worker, dict[str, Any]]:
        config = EmbedderConfig(weights="untrained", compilation=cast("Compilation", compilation))
        embedder = Embedder.load(config)
        runtime = embedder.settle(_COMPILATION_S)
        return Worker(embedder, Path(folder)), {"runtime": runtime, "precision": embedder.precision}

    with answers_apart() as answers:
        serve(prepare, answers)


if __name__ == "__main__":
    main()
