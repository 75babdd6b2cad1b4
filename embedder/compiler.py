"""The program that compiles: a process of its own, for compiling takes half a minute of a core and would hold up
everything else in this one, and because what it makes is tried here first, where a crash harms nobody.

    python -m embedder.compiler ROOM THREADS BATCH...

reads ROOM/graph.pt and writes a library for each batch size. It ends as soon as its standard input does, and with it
the C++ compiler that it started: nobody waits for them any more.
"""

import copy
import os
import shutil
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import torch
from torch._inductor import aot_compile

from .artefacts import GRAPH, library_name
from .compilation import cpp_compiler
from .native import NativeGraph
from .runtime import FeatureGraph

# Precompiled headers would be kept in a folder that is everybody's, and never checked or removed.
_OPTIONS = {"freezing": True, "aot_inductor.precompile_headers": False}
_NICE = 10


def main(room: Path, threads: int, batches: list[int]) -> None:
    make_way()
    if cpp_compiler() is None:
        sys.exit("There is no C++ compiler; install g++.")
    torch.set_num_threads(threads)
    # Written by our parent, a moment ago, into a folder that is closed to others.
    graph: FeatureGraph = torch.load(room / GRAPH, weights_only=False)
    # With gradients on, freezing would silently leave the weights to be packed anew in every forward pass.
    with torch.no_grad():
        for batch in batches:
            compile_for(graph, batch, room / library_name(batch))


def make_way() -> None:
    """A tenth of a core while others want it all; and when memory runs out, the service is not the one to die."""
    os.nice(_NICE)
    # A session of its own, as this process has, may be a scheduling group of its own: niceness is not seen outside it.
    for file, value in (("autogroup", _NICE), ("oom_score_adj", 1000)):
        with suppress(OSError):
            Path("/proc/self", file).write_text(str(value))


def compile_for(graph: FeatureGraph, batch: int, library: Path) -> None:
    pixels = torch.randint(
        0, 256, (batch, *graph.picture_shape), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )
    exported = torch.export.export(graph, (pixels,)).module()
    shutil.move(str(aot_compile(exported, (pixels,), options=_OPTIONS)), library)
    exact = in_float32(graph)(pixels)
    compiled = NativeGraph(library, batch, exact.shape[1], callers=1)(pixels.numpy())
    error = relative_error(torch.from_numpy(compiled), exact)
    usual_error = relative_error(graph(pixels), exact)
    # Not a number is no better than too large a number.
    if not error <= 2 * usual_error + 1e-3:
        raise ArithmeticError(f"What was compiled is off by {error:.1%}, where {usual_error:.1%} is usual.")


def in_float32(graph: FeatureGraph) -> FeatureGraph:
    exact = copy.deepcopy(graph).to(torch.float32)
    exact.dtype = torch.float32
    return exact


def relative_error(features: torch.Tensor, exact: torch.Tensor) -> float:
    return float((features - exact).norm() / exact.norm())


def _end_with_the_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    main(Path(sys.argv[1]), int(sys.argv[2]), [int(word) for word in sys.argv[3:]])
