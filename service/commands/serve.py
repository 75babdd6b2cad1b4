import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from service.app import create_app
from service.commands.console import configure_logging, load_settings, run
from service.commands.opening import opened
from service.settings import Settings
from service.state import State

_DRAIN_S = 30


def serve(host: str | None, port: int | None) -> None:
    settings = load_settings(host=host, port=port)
    configure_logging(settings.log_level)
    run(_serve(settings))


async def _serve(settings: Settings) -> None:
    """The state is opened before the port is: who cannot serve says so in a sentence, not in a stack trace."""
    async with opened(settings) as state:
        await serve_until_stopped(state)


async def serve_until_stopped(state: State) -> None:
    settings = state.settings
    config = uvicorn.Config(
        create_app(settings, state),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=settings.log_level == "debug",
        timeout_graceful_shutdown=_DRAIN_S,
        server_header=False,
    )
    await _Server(config).serve()


class _Server(uvicorn.Server):
    """Stops on a signal and returns: uvicorn's own raises it again, and would end the process before the store."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        loop = asyncio.get_running_loop()
        for stopping in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(stopping, self.handle_exit, stopping, None)
        yield
