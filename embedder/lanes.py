"""The threads that compute. Each core has a lane of its own, which works through whole batches alone: threads that
share one batch wait for each other at every layer, and for longest whenever another program takes one of their cores.
A single picture with nobody beside it may still take all cores at once, while that is measured to be the faster way.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import torch

from .errors import EmbedderClosed

T = TypeVar("T")

_MOST_LANES = 8
_TRY_THE_OTHER_EVERY = 32
_LONGEST_BEGINNING_S = 60.0
_CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")


def usable_cores() -> int:
    """What this process may use: in a container fewer than the machine has."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_CPU.read_text().split()
        allowed = math.ceil(int(quota) / int(period))
    except (OSError, ValueError):  # no such file, or "max"
        return cores
    return max(1, min(cores, allowed))


@contextmanager
def without_a_team() -> Iterator[None]:
    """Whatever torch computes here, this thread computes alone. A team of threads that it gathered would stay, and once
    a process holds more of them than there are cores, OpenMP lets threads sleep where they wait for each other: a wide
    pass then takes a fifth longer."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Lanes:
    def __init__(self, count: int, threads_each: int = 1, *, wide_threads: int = 0) -> None:
        """`wide_threads`: how many a lone piece of work may take instead of a lane's own; 0 for never."""
        self.count: Final = count
        self.threads_each: Final = threads_each
        self._narrow = _pool(count, threads_each, "embedder-lane")
        self._wide = _pool(1, wide_threads, "embedder-wide") if wide_threads > threads_each else None
        self._choice = _Choice()
        self._lock = threading.Lock()
        self._unfinished = 0
        self._none_is_wide = threading.Event()
        self._none_is_wide.set()

    @classmethod
    def on_cores(cls, cores: int, most: int = _MOST_LANES) -> "Lanes":
        count = min(cores, most, _MOST_LANES)
        return cls(count, cores // count, wide_threads=cores)

    def submit(self, work: Callable[[], T], *, alone_may_widen: bool = False) -> Future[T]:
        with self._lock:
            contest = alone_may_widen and not self._unfinished and self._wide is not None
            wide = contest and self._choice.wide()
            self._unfinished += 1
            if wide:
                self._none_is_wide.clear()
        pool = self._wide if wide and self._wide else self._narrow
        try:
            future = pool.submit(self._run, work, wide, contest)
        except RuntimeError as error:
            self._finished(wide)
            raise EmbedderClosed("The embedder is closed.") from error
        future.add_done_callback(lambda done: self._finished(wide) if done.cancelled() else None)
        return future

    def close(self) -> None:
        """Finishes what was submitted."""
        for pool in filter(None, (self._narrow, self._wide)):
            pool.shutdown()

    def forget_pace(self) -> None:
        """The work will take another time from now on."""
        self._choice = _Choice()

    def _run(self, work: Callable[[], T], wide: bool, contest: bool) -> T:
        try:
            if not wide:
                self._none_is_wide.wait()
            started = time.perf_counter()
            result = work()
            if contest:
                self._choice.note(time.perf_counter() - started, wide=wide)
            return result
        finally:
            self._finished(wide)

    def _finished(self, wide: bool) -> None:
        with self._lock:
            self._unfinished -= 1
            if wide:
                self._none_is_wide.set()


class _Choice:
    """Wide or narrow, whichever was faster lately. The other is tried now and then, for machines change."""

    def __init__(self) -> None:
        self._seconds = {True: 0.0, False: 0.0}
        self._asked = 0

    def wide(self) -> bool:
        self._asked += 1
        faster = self._seconds[True] <= self._seconds[False]
        return faster != (self._asked % _TRY_THE_OTHER_EVERY == 0)

    def note(self, seconds: float, *, wide: bool) -> None:
        known = self._seconds[wide]
        # A faster time is believed at once, for the first ones include what happens only once; a single hiccup is not.
        self._seconds[wide] = (
            seconds if not known or seconds < known else (known + min(seconds, 2 * known)) / 2
        )


def _pool(threads: int, torch_threads: int, name: str) -> ThreadPoolExecutor:
    """With all its threads begun: torch's number is a thread's own, but each time that it is set it becomes the default
    for threads to come as well, and that is put back once they are all there."""
    pool = ThreadPoolExecutor(threads, name, initializer=_begin, initargs=(torch_threads,))
    everyone = threading.Barrier(threads, timeout=_LONGEST_BEGINNING_S)
    with without_a_team():
        list(pool.map(lambda _: everyone.wait(), range(threads)))
    return pool


def _begin(torch_threads: int) -> None:
    torch.set_num_threads(torch_threads)
    torch.get_num_threads()  # the first question fetches the default, which is this number just now, for good
