"""The contenders' processes, and who is measured when."""

import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from rich.console import Console

from benchmarks.figures import in_turn
from benchmarks.processes import ContenderFailed, Process, Running

from .contenders import SIDE
from .figures import (
    BASE,
    BATCHES,
    CALLERS,
    JPEG_BATCHES,
    JPEG_SIDES,
    OURS,
    Results,
    Round,
    Standing,
    Start,
    batch_case,
    callers_case,
    jpeg_case,
    lowest_cosine,
)

Case = dict[str, Any]


def process_of(contender: str, folder: Path, cache: Path, device: str) -> Process:
    """`cache` outlives it, what PyTorch compiles for itself does not: a warm start has only what the embedder keeps."""
    kernels = mkdtemp(prefix="kernels-", dir=folder)
    # Its start is by the system's monotonic clock, which all processes share.
    arguments = [contender, str(folder), str(cache), device, str(time.monotonic())]
    environment = {"TORCHINDUCTOR_CACHE_DIR": kernels}
    return Process("benchmarks.embed.worker", arguments, folder / f"{contender}.log", environment)


def cases_of(contender: str) -> dict[str, Case]:
    """What a contender is measured in, by the name of the case."""
    cases = {batch_case(batch): {"kind": "pixels", "count": batch, "side": SIDE} for batch in BATCHES}
    if contender != "vizinho-eager":
        cases |= {
            jpeg_case(side, batch): {"kind": "jpeg", "count": batch, "side": side}
            for side in JPEG_SIDES
            for batch in JPEG_BATCHES
        }
    if contender == OURS:
        cases |= {
            callers_case(side, callers): {"kind": "callers", "count": callers, "side": side}
            for side in JPEG_SIDES
            for callers in CALLERS
        }
    return cases


def _cases(contenders: Iterable[str]) -> dict[str, dict[str, Case]]:
    return {contender: cases_of(contender) for contender in contenders}


class Benchmark:
    def __init__(self, folder: Path, results: Results, console: Console) -> None:
        self._folder, self._results, self._console = folder, results, console
        self._device = results.machine["device"]
        self._running = Running(results.contenders)

    def start(self, warm_starts: int) -> None:
        for contender, standing in self._results.contenders.items():
            self._console.print(f"{standing.name}: starting")
            try:
                self._start(contender, standing, warm_starts)
            except ContenderFailed as error:
                standing.failed = str(error)

    def _start(self, contender: str, standing: Standing, warm_starts: int) -> None:
        cache = Path(mkdtemp(prefix="cache-", dir=self._folder))
        for number in range(1 + warm_starts):
            process = process_of(contender, self._folder, cache, self._device)
            if missing := process.start.get("missing"):
                standing.missing = missing
                process.close()
                return
            standing.about = process.start["about"]
            if runtime := process.start.get("runtime"):
                standing.about += f", {runtime}"
            start = Start(process.start["first_vector_s"], process.start.get("compiled_vector_s"))
            if number == 0:
                standing.cold = start
            else:
                standing.warm.append(start)
            if number < warm_starts:
                process.close()
        self._running[contender] = process

    def compare(self) -> None:
        """The vectors; which also warms up."""
        reference = None
        for contender in list(self._running):
            path = self._folder / f"{contender}.npy"
            if self._running.ask(contender, do="save_vectors", path=str(path)) is None:
                continue
            for case in cases_of(contender).values():
                if case["kind"] == "pixels":
                    self._running.ask(contender, do="rate", **case, seconds=0.01)
            vectors = np.load(path)
            reference = vectors if contender == BASE else reference
            if reference is not None:
                self._results.contenders[contender].cosine = lowest_cosine(vectors, reference)

    def measure(self, number: int, seconds: float) -> Round:
        found: Round = {}
        for contender, (name, case) in in_turn(_cases(self._running), number):
            rate = self._running.ask(contender, do="rate", **case, seconds=seconds)
            if rate is not None:
                found.setdefault(contender, {})[name] = rate
        return found

    def close(self) -> None:
        self._running.close()
