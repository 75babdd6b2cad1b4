"""Another program under a name that the store calls, and who runs it."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.service.store.processes import descendants


def replace_cp(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Until the test is over `cp` does this."""
    folder.mkdir()
    (folder / "cp").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / "cp").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


async def begun(word: str) -> None:
    async with asyncio.timeout(10):
        while not running(word):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)


def running(word: str) -> list[int]:
    """What this process has started, and has this word in its command line."""
    found = []
    for pid in descendants(os.getpid()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if word.encode() in command:
            found.append(pid)
    return found
