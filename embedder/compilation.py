"""How an embedder comes by its compiled graphs: from the folder where they are kept, at once; or, while it serves
without, from a process that builds them."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import torch

from .artefacts import GRAPH, Artefacts, Recipe
from .errors import CompilationFailed, DeviceError
from .runtime import FeatureGraph

logger = logging.getLogger("embedder")

_LONGEST_BUILD_S = 7200.0  # it is to wait for everybody else
_POLL_S = 0.1
_ROOT = Path(__file__).resolve().parents[1]

OnReady = Callable[[dict[int, Path]], None]


class Compilation:
    def __init__(self, artefacts: Artefacts, recipe: Recipe, on_ready: OnReady) -> None:
        self._artefacts, self._recipe, self._on_ready = artefacts, recipe, on_ready
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def find(self) -> bool:
        """Hands over what is kept already."""
        libraries = self._artefacts.find(self._recipe)
        if libraries is None:
            return False
        try:
            self._on_ready(libraries)
        except (AttributeError, DeviceError, OSError) as error:  # as it was made, and yet it does not load
            logger.warning("What was compiled cannot be loaded: %s", error)
            return False
        return True

    def begin(self, graph: FeatureGraph) -> None:
        """Builds them in the background; never raises."""
        self._thread = threading.Thread(
            target=self._build_or_say_why_not, args=(graph,), name="embedder-compilation", daemon=True
        )
        # A thread that is still in torch's code when the interpreter goes takes the process down with it.
        weakref.finalize(self, _stop, self._stopping, self._thread)
        self._thread.start()

    def wait(self, timeout_s: float | None = None) -> None:
        if self._thread:
            self._thread.join(timeout_s)

    def stop(self) -> None:
        if self._thread:
            _stop(self._stopping, self._thread)

    def _build_or_say_why_not(self, graph: FeatureGraph) -> None:
        started = time.monotonic()
        try:
            if self._build(graph):
                logger.info("Compiled in %.0f s; from now on faster.", time.monotonic() - started)
        except Exception as error:  # noqa: BLE001 - whatever it was, there is another way to serve
            if not self._stopping.is_set():
                logger.warning("Not compiled, and therefore slower than need be: %s", error)

    def _build(self, graph: FeatureGraph) -> bool:
        while (lock := self._artefacts.try_lock()) is None:
            if self._stopping.wait(_POLL_S):
                return False
        with lock:
            if not self.find():  # another process may have built them meanwhile
                with self._artefacts.building(self._recipe) as room:
                    torch.save(graph, room / GRAPH)
                    self._compile_in(room)
                if not self.find():
                    raise CompilationFailed("What was compiled cannot be used.")
        return True

    def _compile_in(self, room: Path) -> None:
        words = [str(room), str(self._recipe.threads), *map(str, self._recipe.batches)]
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")])),
            # Its by-products go when the room does, and it starts no helpers of its own.
            "TORCHINDUCTOR_CACHE_DIR": str(room / "inductor"),
            "TMPDIR": str(room),
            "TORCHINDUCTOR_COMPILE_THREADS": "1",
        }
        errors = room / "errors"
        with (
            errors.open("wb") as log,
            subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", "embedder.compiler", *words],
                stdin=subprocess.PIPE,  # left open: its end tells the child that this process is gone
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=environment,
                start_new_session=True,
            ) as process,
        ):
            self._wait_for(process)
        if process.returncode:
            raise CompilationFailed(_last_line(errors.read_text(errors="replace")))

    def _wait_for(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + _LONGEST_BUILD_S
        while process.poll() is None:
            if self._stopping.wait(_POLL_S) or time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise CompilationFailed("It took too long.")


def _stop(stopping: threading.Event, thread: threading.Thread) -> None:
    stopping.set()
    if thread is not threading.current_thread():
        thread.join()


def cpp_compiler() -> str | None:
    """Without one nothing is compiled."""
    # Imported late: it takes a second, and whoever finds a compiled graph has no use for it.
    from torch._inductor.cpp_builder import get_cpp_compiler
    from torch._inductor.exc import InvalidCxxCompiler

    try:
        return get_cpp_compiler()
    except InvalidCxxCompiler:
        return None


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "The compiler's process died."
