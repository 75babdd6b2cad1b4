"""A contender's process: `build` leaves its files and ends, `answer` opens them and answers."""

import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.processes import answers_apart, serve

from .catalogue import IN_CATEGORY, Catalogue
from .contender import Answer, Contender
from .contenders import RIVALS


def contender_named(name: str) -> Contender:
    if name in RIVALS:
        return RIVALS[name]()
    from .ours import OURS  # what it imports must not count as the others' memory

    return OURS[name]()


class Worker:
    def __init__(self, contender: Contender, catalogue: Catalogue) -> None:
        self._contender, self._catalogue = contender, catalogue

    def answers(self, case: str, first: int, count: int, seconds: float) -> list[Answer]:
        rows = range(first, first + count)
        return self._contender.answers(self._catalogue.questions(case), rows, seconds)

    def per_s(self, callers: int, seconds: float) -> float:
        return self._contender.per_s(self._catalogue.questions(IN_CATEGORY), callers, seconds)

    def close(self) -> None:
        self._contender.close()


def main() -> None:
    doing, name, catalogue_folder, folder = sys.argv[1:]
    catalogue = Catalogue(Path(catalogue_folder))

    def prepare() -> tuple[Worker, dict[str, Any]]:
        contender = contender_named(name)
        started = time.perf_counter()
        steps = None
        if doing == "build":
            steps = contender.build(catalogue, Path(folder))
        else:
            contender.load(catalogue, Path(folder))
        first = {"about": contender.about, "seconds": time.perf_counter() - started, "steps": steps}
        return Worker(contender, catalogue), first

    with answers_apart() as answers:
        serve(prepare, answers)


if __name__ == "__main__":
    main()
