"""A directory has one owner. One that was killed while it started another program is soon forgotten."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.store.errors import StoreBusy
from service.store.files import DirectoryLock

# Between the fork and the program that follows it a child has all files of its parent, and their locks.
_OWNER = """
import os, sys, time
from pathlib import Path
from service.store.files import DirectoryLock

lock = DirectoryLock(Path(sys.argv[1]))
child = os.fork()
if child == 0:
    time.sleep(float(sys.argv[2]))
    os._exit(0)
print(child, flush=True)
if sys.argv[3] == "releases":
    lock.release()
    print("released", flush=True)
time.sleep(60)
"""


@contextmanager
def owner(folder: Path, child_stays_s: float, then: str = "stays") -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _OWNER, str(folder), str(child_stays_s), then]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            if then == "releases":
                assert process.stdout.readline() == "released\n"
            yield process
        finally:
            process.kill()
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def test_what_a_killed_owner_was_just_starting_does_not_keep_the_next_one_out(tmp_path: Path) -> None:
    with owner(tmp_path, child_stays_s=0.4) as killed:
        killed.kill()
        killed.wait()
        DirectoryLock(tmp_path).release()


def test_what_an_owner_was_just_starting_as_it_let_go_does_not_keep_the_next_one_out(tmp_path: Path) -> None:
    with owner(tmp_path, child_stays_s=60, then="releases"):
        DirectoryLock(tmp_path).release()


def test_who_holds_on_for_longer_is_told_of(tmp_path: Path) -> None:
    with owner(tmp_path, child_stays_s=60) as killed:
        killed.kill()
        killed.wait()
        with pytest.raises(StoreBusy, match=f"process {killed.pid}"):
            DirectoryLock(tmp_path)


def test_for_an_owner_that_lives_nobody_waits(tmp_path: Path) -> None:
    with owner(tmp_path, child_stays_s=0) as living:
        started = time.monotonic()
        with pytest.raises(StoreBusy, match=f"process {living.pid}"):
            DirectoryLock(tmp_path)
        assert time.monotonic() - started < 0.5
