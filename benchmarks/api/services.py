"""The services, each in a process of its own and on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.peers.catalogue import PRODUCTS

from .figures import NAIVE, ONE_LOCK, OURS

_ROOT = Path(__file__).parents[2]
_VIZINHO = str(Path(sys.executable).with_name("vizinho"))
_STARTING_TIME_S = 120.0
_ENDING_TIME_S = 60.0
_PEERS = {NAIVE: "benchmarks.peers.naive:app", ONE_LOCK: "benchmarks.peers.one_lock:app"}
# What every service has: the peers at whatever address, ours only where it can answer.
_READY = {OURS: "/readyz", NAIVE: "/openapi.json", ONE_LOCK: "/openapi.json"}


class NotServing(Exception):
    """A service that did not come up, with its words."""


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid


@contextmanager
def serving(
    names: Sequence[str], folder: Path, products: int, **settings: str
) -> Iterator[dict[str, Service]]:
    """`folder` holds the logs, and under `data` what ours serves. `settings` are ours without their prefix."""
    services: dict[str, Service] = {}
    try:
        for name in names:
            services[name] = _started(name, folder, _environment(folder / "data", products, settings))
        for service in services.values():
            _wait_until_ready(service)
        yield services
    finally:
        for service in services.values():
            service.process.send_signal(signal.SIGTERM)
        for service in services.values():
            _end(service.process)


def _started(name: str, folder: Path, environment: Mapping[str, str]) -> Service:
    port, log = _free_port(), folder / f"{name}.log"
    with log.open("ab") as said:
        process = subprocess.Popen(
            _command(name, port),
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
    return Service(name, port, process, log)


def _command(name: str, port: int) -> list[str]:
    if name == OURS:
        return [_VIZINHO, "serve", "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", _PEERS[name], "--port", str(port), "--no-access-log"]


def _environment(data: Path, products: int, settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VIZINHO_")}
    own = {"data_dir": str(data), "weights": "untrained", "compilation": "cached", **settings}
    return (
        inherited
        | {PRODUCTS: str(products)}
        | {f"VIZINHO_{name.upper()}": value for name, value in own.items()}
    )


def _wait_until_ready(service: Service) -> None:
    deadline = time.monotonic() + _STARTING_TIME_S
    while time.monotonic() < deadline and service.process.poll() is None:
        with (
            suppress(OSError, HTTPException),
            closing(HTTPConnection("127.0.0.1", service.port, timeout=5)) as connection,
        ):
            connection.request("GET", _READY[service.name])
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise NotServing(f"{service.name}: {service.log.read_text(errors='replace')[-2_000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_ENDING_TIME_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
