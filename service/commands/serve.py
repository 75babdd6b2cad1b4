import asyncio
import gc
import signal
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_address

import uvicorn
from fastapi import FastAPI

from service.access.connections import connections
from service.access.open_files import allow_many_open_files
from service.app import create_app
from service.commands.console import configure_logging, fail, load_settings, run
from service.commands.opening import opened
from service.settings import Settings
from service.state import State

_DRAIN_S = 30


def serve(host: str | None, port: int | None) -> None:
    settings = load_settings(host=host, port=port)
    check_exposure(settings)
    configure_logging(settings)
    allow_many_open_files()
    run(_serve(settings))


def check_exposure(settings: Settings) -> None:
    if settings.api_keys is None and not settings.open_access and not _is_own(settings.host):
        fail(
            f"There are no keys, and on {settings.host} anybody who reaches this machine could write. Give it "
            "VIZINHO_API_KEYS (`vizinho keys new` makes one), or leave VIZINHO_HOST at 127.0.0.1; "
            "VIZINHO_OPEN_ACCESS=true opens it to all of them."
        )


def _is_own(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _serve(settings: Settings) -> None:
    """The state is opened before the port is: who cannot serve says so in a sentence, not in a stack trace."""
    async with opened(settings) as state:
        await serve_until_stopped(state)


async def serve_until_stopped(state: State) -> None:
    server = _Server(configured(create_app(state.settings, state), state.settings), state)
    _set_aside_what_stays()
    await server.serve()


def _set_aside_what_stays() -> None:
    """A full collection walks all that there is, torch's modules too: for half a second nobody would be answered."""
    gc.collect()
    gc.freeze()


def configured(app: FastAPI, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # service/telemetry/access.py writes it
        timeout_graceful_shutdown=_DRAIN_S,
        server_header=False,
        http=connections(settings),
        ws="none",
        # By itself uvicorn believes whatever comes from this machine.
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=list(settings.trusted_proxies or ()),
    )


class _Server(uvicorn.Server):
    """Stops on a signal and returns: uvicorn's own raises it again, and would end the process before the store."""

    def __init__(self, config: uvicorn.Config, state: State) -> None:
        super().__init__(config)
        self._state = state
        self._signals = 0
        self._leaving: asyncio.TimerHandle | None = None

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        loop = asyncio.get_running_loop()
        for stopping in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(stopping, self._stop, stopping)
        yield

    def _stop(self, sig: signal.Signals) -> None:
        """Whoever balances load needs a moment to see that it is over here. A second signal cuts it short, and only
        from the third on uvicorn may take it for haste, and drop the requests that were accepted."""
        self._state.stopping.set()
        self._signals += 1
        if self._leaving is not None:
            self._leaving.cancel()
        delay_s = self._state.settings.stop_delay_s if self._signals == 1 else 0
        meant = sig if self._signals > 2 else signal.SIGTERM
        self._leaving = asyncio.get_running_loop().call_later(delay_s, self.handle_exit, meant, None)
