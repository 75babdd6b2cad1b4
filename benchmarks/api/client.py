"""`python -m benchmarks.api.client FOLDER`: all clients, in a process of their own, with the pictures of a folder for
each size."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.processes import answers_apart, serve

from .flood import flood
from .load import load
from .uploads import uploads


class Worker:
    def __init__(self, folder: Path) -> None:
        self._requests = {side.name: uploads(side) for side in folder.iterdir()}

    def load(self, port: int, side: int, clients: int, seconds: float) -> dict[str, Any]:
        return asdict(uvloop.run(load(port, self._requests[str(side)], clients, seconds)))

    def flood(self, port: int, side: int, per_s: float, seconds: float) -> dict[str, Any]:
        return asdict(uvloop.run(flood(port, self._requests[str(side)], per_s, seconds)))

    def close(self) -> None:
        """There is nothing that it holds."""


def main() -> None:
    with answers_apart() as answers:
        serve(lambda: (Worker(Path(sys.argv[1])), {}), answers)


if __name__ == "__main__":
    main()
