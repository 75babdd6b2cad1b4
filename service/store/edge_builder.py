"""`python -m service.store.edge_builder FOLDER`: indexes the shard there, in whatever time nobody else wants."""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

import qdrant_edge as qe

_NICE = 10  # a tenth of a core while others want it all: with less it might never end
_PR_SET_PDEATHSIG = 1


def main() -> None:
    parent = os.getppid()
    # It holds the GIL for minutes, so nothing here could notice that nobody waits for it any more.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    os.nice(_NICE)
    with contextlib.suppress(OSError):  # niceness alone is not seen outside a session's own scheduling group
        Path("/proc/self/autogroup").write_text(str(_NICE), encoding="ascii")
    shard = qe.EdgeShard.load(sys.argv[1])
    shard.optimize()
    shard.flush()
    shard.close()


if __name__ == "__main__":
    main()
