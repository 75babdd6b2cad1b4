"""A process and everything that it started, also in sessions of their own; stopped all at once."""

import contextlib
import os
import signal
import time
from pathlib import Path


def descendants(pid: int) -> list[int]:
    children = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    parents = {child: _parent(child) for child in children}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parent(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def _stat(pid: int) -> list[str]:
    """From the state on; nothing when it is gone. The name before it may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def kill_tree(pid: int, *, patience_s: float = 10.0) -> int:
    """Gives how many there were."""
    os.kill(pid, signal.SIGSTOP)  # it starts nobody any more, so none is overlooked
    tree = [*descendants(pid), pid]
    for one in tree:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    deadline = time.monotonic() + patience_s
    while any(_stat(one)[:1] not in ([], ["Z"]) for one in tree):
        assert time.monotonic() < deadline, "killed processes are still there"
        time.sleep(0.002)
    return len(tree)
