"""`python -m service.store.edge_child FOLDER RESERVE`: the process that owns one shard; frames on stdin and stdout.

A process of its own because the binding holds the GIL through every call, and because a full disk or a panic
takes the whole process with it. Its first frame says whether the shard could be opened. Told to close, it leaves the
files sealed. When its parent is gone, which it sees from the pipe, it makes way for the next owner at once.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from service.store import edge_engine, frames
from service.store.base import Distance
from service.store.edge_engine import Engine
from service.store.errors import (
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreNotFound,
    StoreRefused,
    StoreTimedOut,
    StoreUnavailable,
)

# What nobody needs once nobody waits for it. A write is done all the same: its caller may look for it later.
_QUESTIONS = {"retrieve", "query", "scroll", "count", "facet", "indexes", "state"}


class Child:
    def __init__(self, folder: Path, reserve_bytes: int) -> None:
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._engine: Engine | None = None

    def open(self) -> None:
        if self._engine is None and self._folder.exists():
            try:
                self._engine = Engine(self._folder, self._reserve_bytes)
            except StoreError:
                raise
            except Exception as error:
                raise StoreDamaged(
                    f"{self._folder} cannot be read: {error}. Restore it from a backup."
                ) from error

    def close(self, *, sealed: bool) -> None:
        if self._engine is not None:
            self._engine.close(sealed=sealed)

    def call(self, operation: str, arguments: dict[str, Any], deadline: float) -> Any:
        """`deadline` on the clock that all processes of a machine share: `time.monotonic`."""
        if operation in _QUESTIONS and time.monotonic() > deadline:
            raise StoreTimedOut("The store came to this too late to be of use.")
        if operation == "create":
            return self._create(**arguments)
        if self._engine is None:
            raise StoreNotFound(f"There is no shard at {self._folder}.")
        act: Callable[..., Any] = getattr(self._engine, operation)
        return act(**arguments)

    def _create(self, dim: int, distance: Distance, quantized: bool) -> None:
        if not self._folder.exists():
            edge_engine.create(self._folder, dim, distance, quantized)
        self.open()


def _attempt(act: Callable[[], Any]) -> tuple[StoreError | None, Any]:
    try:
        return None, act()
    except StoreError as error:
        return error, None
    except Exception as error:  # noqa: BLE001 - Edge raises bare Exception: the sentence is all there is
        full = "No space left" in str(error)
        return (StoreFull if full else StoreRefused)(f"{type(error).__name__}: {error}"), None


def serve(child: Child, requests: BinaryIO, answers: BinaryIO) -> None:
    def answer(number: int, act: Callable[[], Any]) -> bool:
        fatal = False
        try:
            error, value = _attempt(act)
        except BaseException as panic:  # noqa: BLE001 - what the shard now holds in memory is anyone's guess
            error, value, fatal = StoreUnavailable(f"Qdrant Edge gave up: {panic}"), None, True
        answers.write(frames.pack((number, error, value)))
        answers.flush()
        if fatal:
            os._exit(70)
        return error is None

    with suppress(BrokenPipeError):  # the parent is gone, and with it whoever wanted to know
        if not answer(0, child.open):
            return
        while (message := frames.read_blocking(requests)) is not None:
            number, operation, arguments, deadline = message
            if operation == "close":
                child.close(sealed=True)
                return
            answer(number, lambda: child.call(operation, arguments, deadline))  # noqa: B023 - called at once
    child.close(sealed=False)


def main() -> None:
    # Ctrl-C and a service manager's SIGTERM reach the whole group; the parent still has requests to finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the engine prints must not land between two frames
    serve(Child(Path(sys.argv[1]), int(sys.argv[2])), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
