"""What a process and its children hold, seen from outside: what measures must not be measured."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

_PAUSE_S = 0.1


@dataclass(slots=True)
class Peak:
    bytes: int = 0


def resident_bytes(pid: int) -> int:
    total = 0
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
    return total


@contextmanager
def peak_of_children() -> Iterator[Peak]:
    """Of all processes started meanwhile by this one, and theirs."""
    peak, done = Peak(), threading.Event()
    before = {child.pid for child in psutil.Process().children()}

    def watch() -> None:
        while not done.wait(_PAUSE_S):
            started = [child.pid for child in psutil.Process().children() if child.pid not in before]
            peak.bytes = max(peak.bytes, sum(resident_bytes(pid) for pid in started))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()
