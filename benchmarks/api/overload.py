"""Ten times as many requests as can be served, for a minute, and what the service makes of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.processes import Process
from benchmarks.search.memory import resident_bytes

from .figures import CLIENTS, OURS, OVERLOAD, SIDES, Overload
from .reading import flood_from, load_from
from .rounds import client_process
from .services import serving

_PAUSE_S = 1.0
_CALM_S = 5.0


class Watch:
    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.seen: list[tuple[float, int]] = []

    def look(self, at_s: float) -> None:
        self.seen.append((round(at_s, 1), resident_bytes(self._pid)))

    @contextmanager
    def looking(self) -> Iterator[None]:
        started, done = time.monotonic(), threading.Event()

        def watch() -> None:
            while not done.wait(_PAUSE_S):
                self.look(time.monotonic() - started)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def overload(folder: Path, pictures: Path, products: int, seconds: float, load_s: float) -> Overload:
    with (
        serving([OURS], folder, products) as services,
        closing(client_process(folder, pictures)) as client,
    ):
        service = services[OURS]
        _served(client, service.port, load_s)
        capacity = _served(client, service.port, load_s)
        watch = Watch(service.pid)
        watch.look(-1)
        with watch.looking():
            flood = client.ask(
                do="flood", port=service.port, side=min(SIDES), per_s=OVERLOAD * capacity, seconds=seconds
            )
        time.sleep(_CALM_S)
        watch.look(watch.seen[-1][0] + _CALM_S)
        return Overload(
            capacity,
            OVERLOAD * capacity,
            seconds,
            flood_from(flood),
            watch.seen,
            _served(client, service.port, load_s),
        )


def _served(client: Process, port: int, seconds: float) -> float:
    load = client.ask(do="load", port=port, side=min(SIDES), clients=max(CLIENTS), seconds=seconds)
    return load_from(load).per_s
