"""The real service: its own process, its own port, its own data directory."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

VIZINHO = str(Path(sys.executable).with_name("vizinho"))
_STARTING_TIME_S = 60


@dataclass(frozen=True)
class Service:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def store_pid(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        return int(children.split()[0])


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VIZINHO_")}
    return inherited | {
        "VIZINHO_DATA_DIR": str(data_dir),
        "VIZINHO_WEIGHTS": "untrained",
        "VIZINHO_COMPILATION": "off",
        "COLUMNS": "200",
        **{f"VIZINHO_{name.upper()}": value for name, value in settings.items()},
    }


def vizinho(data_dir: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, run to its end."""
    return subprocess.run(
        [VIZINHO, *map(str, arguments)],
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@contextmanager
def serving(data_dir: Path, log: Path, **settings: str) -> Iterator[Service]:
    port = free_port()
    with log.open("ab") as file:
        process = subprocess.Popen(
            [VIZINHO, "serve", "--port", str(port)],
            env=environment(data_dir, **settings),
            stdout=file,
            stderr=file,
        )
    service = Service(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_ready(service)
        yield service
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_ready(service: Service) -> None:
    deadline = time.monotonic() + _STARTING_TIME_S
    while time.monotonic() < deadline:
        assert service.process.poll() is None, service.log.read_text(encoding="utf-8")
        try:
            if httpx.get(f"{service.url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"not ready in {_STARTING_TIME_S} s: {service.log.read_text(encoding='utf-8')}")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
