"""The real command, and the embedder alone, each in a process of its own on the same files."""

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import psutil

from .figures import Run

_PAUSE_S = 0.1
_EMBEDDED = re.compile(r"images embedded\s+([\d,]+)")
_REJECTED = re.compile(r"rejected\s+([\d,]+)")
_SECONDS = re.compile(r"time\s+([\d.]+) s")


class Failed(Exception):
    """A command that did not end well, with its words."""


def own_rate(catalogue: Path) -> float:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.ingest.own", str(catalogue)],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"VIZINHO_WEIGHTS": "untrained"},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(answer.stdout)


def ingested(catalogue: Path, data: Path, **settings: str) -> Run:
    environment = os.environ | {
        "VIZINHO_DATA_DIR": str(data),
        "VIZINHO_WEIGHTS": "untrained",
        "VIZINHO_COMPILATION": "cached",
        "COLUMNS": "200",
        **settings,
    }
    with TemporaryFile("w+") as said:
        command = [str(Path(sys.executable).with_name("vizinho")), "ingest", str(catalogue)]
        with subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT) as process:
            peak_bytes, store_peak_bytes = _watched(process)
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise Failed(text)
    return Run(
        embedded=_number(_EMBEDDED, text),
        rejected=_number(_REJECTED, text),
        seconds=float(_found(_SECONDS, text)),
        peak_bytes=peak_bytes,
        store_peak_bytes=store_peak_bytes,
    )


def _watched(process: "subprocess.Popen[bytes]") -> tuple[int, int]:
    """The peaks of the process and of its children."""
    peak = of_children = 0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            peak = max(peak, parent.memory_info().rss)
            of_children = max(of_children, sum(map(_own_bytes, parent.children())))
        time.sleep(_PAUSE_S)
    return peak, of_children


def _own_bytes(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        memory = process.memory_info()
        return int(memory.rss - memory.shared)
    return 0


def _number(pattern: re.Pattern[str], text: str) -> int:
    return int(_found(pattern, text).replace(",", ""))


def _found(pattern: re.Pattern[str], text: str) -> str:
    if (match := pattern.search(text)) is None:
        raise Failed(text)
    return match[1]
